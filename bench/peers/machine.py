"""What PyTorch runs on here."""

import platform
import sys

import torch


def about():
    """Ends the program if PyTorch uses Debian's reference BLAS, with which it is several times as slow as it could be."""
    library = blas()
    if library.startswith("libblas.so"):
        sys.exit("Error: PyTorch uses the reference BLAS, which is slow; on Debian: apt-get install libopenblas0-pthread")
    version = f"Python {platform.python_version()}, torch {torch.__version__}"
    return {"runtime": version, "kernels": library or "a BLAS of its own"}


def blas():
    """The BLAS library in use."""
    with open("/proc/self/maps") as maps:
        names = {line.split("/")[-1].strip() for line in maps}
    wrappers = {"libblas.so.3", "liblapack.so.3"}  # small libraries that call OpenBLAS
    return " ".join(sorted(name for name in names - wrappers if "blas" in name or "mkl_" in name))
