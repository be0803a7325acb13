"""Libraries loaded in part: people wait for what a function loads, whether or not it is ever used."""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType
from typing import Any


def skip_init(package: str, **submodules: str) -> None:
    """Let modules of a package be imported without all that its `__init__` imports.

    `submodules` names the module that holds a name of the package. Whatever else is asked of the package
    brings all of it, as ever; but its own modules may ask for no more, else they import each other in a
    circle. So this is for packages of a pinned version, of which tests import what we do.
    """
    spec = find_spec(package)
    if spec and package not in sys.modules:
        made = _register(spec)
        made.__dict__["_submodules"] = submodules
        made.__class__ = _SkippedInit


def lazy_import(name: str) -> None:
    """Load a module when an attribute of it is first asked for.

    The recipe is https://docs.python.org/3/library/importlib.html#implementing-lazy-imports.
    """
    spec = find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    spec.loader.exec_module(_register(spec))


def _register(spec: ModuleSpec) -> ModuleType:
    """A module, not run yet, where every import finds it."""
    made = sys.modules[spec.name] = module_from_spec(spec)
    parent, _, last = spec.name.rpartition(".")
    setattr(sys.modules[parent], last, made)
    return made


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
