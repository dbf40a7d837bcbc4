"""Sparing the garbage collector what stays: modules, settings and models live until the process ends or takes another.

Python's collector looks through all of them again and again, and nobody is answered meanwhile: in a bot 40 to 190 ms,
once in some hundred turns.
"""

import gc


def leave_out_what_is_loaded() -> None:
    """Let the collector look no more at what there is now; call it when everything is loaded.

    Call it again when a part was replaced, as a model by another: first everything is looked through once more, so that
    what the old part left behind is freed. See https://docs.python.org/3/library/gc.html#gc.freeze.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
