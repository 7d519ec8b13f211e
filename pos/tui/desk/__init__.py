"""The clerk's program (`mingjia desk`): one main screen, and a modal screen for each thing that is done.

`app` installs screens and keys, `services` is what every screen is given, `actions` is the one table of what can be
done, from which keys, footer and command palette are made. Each flow is a screen of its own, typed by its answer.
"""
