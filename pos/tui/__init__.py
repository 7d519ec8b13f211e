"""The screens: people work here with keys, and every operation comes from `pos.counter`.

`widgets` draws and knows no business; `desk` is the clerk's program. A screen gets its operations by its constructor,
keeps one small state value and renders from it. Slow work runs in threads that only post messages; widgets are
changed in handlers alone.
"""
