"""How often a process that serves pages looks for garbage."""

import gc


def settle() -> None:
    """Once everything is loaded: what stands now lives as long as the process and is looked through no more.

    A page makes some ten thousand objects and drops them by itself; looking through the young ones every seven hundred
    is a tenth of its time (docs/proofs.md).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
