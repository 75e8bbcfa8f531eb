"""Every module in `tasks` defines a Prefect task, whose name in the UI begins with the step's verb."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

import tasks
from tasks import Step

MODULES = [module.name for module in iter_modules(tasks.__path__)]
VERBS = {
    "build",
    "check",
    "deliver",
    "fetch",
    "notify",
    "postpone",
    "prepare",
    "preview",
    "publish",
    "purge",
    "read",
    "render",
    "save",
    "seal",
}


@pytest.mark.parametrize("name", MODULES)
def test_every_module_defines_a_task_named_by_a_verb(name: str) -> None:
    module = import_module(f"tasks.{name}")
    defined = [
        value for value in vars(module).values() if isinstance(value, Step) and value.fn.__module__ == module.__name__
    ]

    assert defined
    for task in (step.task for step in defined):
        assert task.name.partition("-")[0] in VERBS
        assert isinstance(task.task_run_name, str)
        assert task.task_run_name.partition(" ")[0] in VERBS
