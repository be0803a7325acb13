"""Lazy imports: a function that starts loads only the parts of a library that it uses."""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType
from typing import Any


def skip_init(package: str, **submodules: str) -> None:
    """Import a package's modules without running its `__init__`.

    `submodules` maps names of the package to the modules that define them. Any other name runs the
    `__init__` after all, except from the package's own modules, where the import would be circular. So this
    is for packages of a pinned version, and tests import what we use of them.
    """
    spec = find_spec(package)
    if spec and package not in sys.modules:
        module = _register(spec)
        module.__dict__["_submodules"] = submodules
        module.__class__ = _SkippedInit


def lazy_import(name: str) -> None:
    """Load a module when an attribute of it is first read.

    The recipe is https://docs.python.org/3/library/importlib.html#implementing-lazy-imports.
    """
    spec = find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    spec.loader.exec_module(_register(spec))


def _register(spec: ModuleSpec) -> ModuleType:
    """A module that has not run yet, in sys.modules."""
    module = sys.modules[spec.name] = module_from_spec(spec)
    parent, _, last = spec.name.rpartition(".")
    setattr(sys.modules[parent], last, module)
    return module


class _SkippedInit(ModuleType):
    """A package whose `__init__` has not run."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if home := self._submodules.get(name):
            return getattr(import_module(f"{self.__name__}.{home}"), name)
        if find_spec(f"{self.__name__}.{name}"):
            return import_module(f"{self.__name__}.{name}")
        whole: ModuleType = self
        whole.__class__ = ModuleType
        if whole.__spec__ and whole.__spec__.loader:
            whole.__spec__.loader.exec_module(whole)
        return getattr(whole, name)
