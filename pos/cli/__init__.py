"""The command line of docs: `main` finds the command and answers for every error, one file for each group of commands.

A group's file is imported only when it is chosen, and imports the heavy rest inside the function that runs. It offers
`add_commands(parser)`; the functions that run take a `Context` and return the exit status.
"""
