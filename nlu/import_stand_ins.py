"""Import stand-ins that let Rasa run without packages that it imports at start and this bot never uses.

Rasa 3.6.21 imports TensorFlow, and the libraries of every channel and store that it knows, even for a bot that uses
none of them; TensorFlow alone costs half a minute and more than a gigabyte of memory. With these stand-ins an import of
one of those packages yields an inert module: any attribute is an inert class that can be named in an annotation or
subclassed, and that refuses to be instantiated. The finder stands last in `sys.meta_path`, so the real packages win
wherever they are installed. See docs/left-out-packages.md.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# The modules that Rasa 3.6.21 imports at start, and no others: a library that probes for TensorFlow, as spaCy's thinc
# does with `tensorflow.experimental.dlpack`, must go on finding that it is not there.
TENSORFLOW = frozenset(
    {
        "keras",
        "keras.utils",
        "keras.utils.control_flow_util",
        "tensorflow",
        "tensorflow.keras",
        "tensorflow.keras.backend",
        "tensorflow.keras.callbacks",
        "tensorflow.keras.utils",
        "tensorflow.python",
        "tensorflow.python.eager",
        "tensorflow.python.eager.wrap_function",
        "tensorflow.python.types",
        "tensorflow.python.types.core",
        "tensorflow.types",
        "tensorflow.types.experimental",
        "tensorflow_hub",
        "tensorflow_text",
    }
)
OTHER_CHANNELS = frozenset(
    {
        "aiogram",
        "aiogram.types",
        "aiogram.utils",
        "aiogram.utils.exceptions",
        "fbmessenger",
        "fbmessenger.attachments",
        "fbmessenger.elements",
        "fbmessenger.quick_replies",
        "fbmessenger.sender_actions",
        "google.auth",
        "google.auth.transport",
        "google.auth.transport.requests",
        "google.oauth2",
        "slack_sdk",
        "slack_sdk.web",
        "slack_sdk.web.async_client",
        "socketio",
        "webexteamssdk",
    }
)
OTHER_STORES = frozenset(
    {
        "boto3",
        "boto3.dynamodb",
        "boto3.dynamodb.conditions",
        "botocore",
        "botocore.exceptions",
        "pymongo",
        "pymongo.collection",
        "pymongo.errors",
    }
)
TERMINAL_AND_PICTURES = frozenset(
    {"matplotlib", "matplotlib.ticker", "prompt_toolkit", "prompt_toolkit.styles", "questionary"}
)
STOOD_IN = TENSORFLOW | OTHER_CHANNELS | OTHER_STORES | TERMINAL_AND_PICTURES


# Rasa's modules call these while they are imported, and do nothing with what they get.
CALLED_AT_IMPORT = frozenset({"tensorflow", "keras"})


class PackageLeftOutError(RuntimeError):
    """Code that really needs a package was reached in an environment that does without it."""


class _InertType(type):
    """A class whose every attribute is again an inert class, so that module-level definitions succeed."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _inert_class(f"{cls.__name__}.{name}")

    def __or__(cls, _other: object) -> Any:
        return cls

    def __ror__(cls, _other: object) -> Any:
        return cls

    def __getitem__(cls, _parameters: object) -> Any:
        return cls

    def __call__(cls, *arguments: Any, **_keywords: Any) -> Any:
        used_as_decorator = len(arguments) == 1 and callable(arguments[0]) and not isinstance(arguments[0], _InertType)
        if used_as_decorator:
            return arguments[0]
        package = _package_of(cls)
        if cls.__dict__.get("_is_stand_in") and package in CALLED_AT_IMPORT:
            return cls
        raise PackageLeftOutError(
            f"{cls.__module__}.{cls.__qualname__} needs {package}, which this environment does not have. "
            "See docs/left-out-packages.md."
        )


def _package_of(cls: type) -> str:
    """The package in whose place a stand-in, or what is made from one, stands."""
    stand_in = next(ancestor for ancestor in cls.__mro__ if ancestor.__dict__.get("_is_stand_in"))
    return stand_in.__name__.partition(".")[0]


def _exception_class(name: str) -> Any:
    """For an `except` clause, which takes nothing but exceptions. This one is never raised."""
    return type(name, (Exception,), {"__module__": "nlu.import_stand_ins"})


def _inert_class(name: str) -> Any:
    return _InertType(name, (), {"_is_stand_in": True, "__module__": "nlu.import_stand_ins"})


class StandInModule(ModuleType):
    """An importable module that holds nothing and answers any attribute with an inert class."""

    __version__ = "0.0.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        holds_exceptions = self.__name__.endswith((".errors", ".exceptions"))
        value = (_exception_class if holds_exceptions else _inert_class)(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _StandInLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = StandInModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the module is inert."""


class StandInFinder(MetaPathFinder):
    """Finds the stand-ins; asked only after every ordinary finder has found nothing."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A spec for the modules that are stood in for, None for all others."""
        if fullname not in STOOD_IN:
            return None
        return ModuleSpec(fullname, _StandInLoader(), is_package=True)


def install() -> None:
    """Put the stand-ins in force for this process; doing so twice changes nothing."""
    if not any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        sys.meta_path.append(StandInFinder())


def is_installed(package: str) -> bool:
    """Whether the real `package` could be imported."""
    return any(
        finder.find_spec(package, None) is not None for finder in sys.meta_path if not isinstance(finder, StandInFinder)
    )
