"""How a dataclass of options becomes a command of typer."""

import contextlib
import inspect
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from posecoach.cli.options import Common
from posecoach.feedback import terminal

T = TypeVar("T", bound=Common)


def takes(options: type[T]) -> Callable[[Callable[[T], int | None]], Callable[..., None]]:
    """Make a function of `options` one that typer can read: a parameter for each field.

    What the function returns is the exit status.
    """

    def decorate(command: Callable[[T], int | None]) -> Callable[..., None]:
        def run(**given: Any) -> None:
            chosen = options(**given)
            _listen_to(chosen)
            raise typer.Exit(command(chosen) or 0)

        return _described(run, command, list(inspect.signature(options).parameters.values()))

    return decorate


def takes_as_group(options: type[T]) -> Callable[[Callable[[T], int | None]], Callable[..., None]]:
    """As `takes`, for a group of commands that does something by itself when none of them is named."""

    def decorate(command: Callable[[T], int | None]) -> Callable[..., None]:
        def run(context: typer.Context, **given: Any) -> None:
            chosen = options(**given)
            _listen_to(chosen)
            if context.invoked_subcommand is None:
                raise typer.Exit(command(chosen) or 0)

        context = inspect.Parameter(
            "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
        )
        return _described(run, command, [context, *inspect.signature(options).parameters.values()])

    return decorate


def _described(
    run: Callable[..., None], command: Callable[..., object], parameters: list[inspect.Parameter]
) -> Callable[..., None]:
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def _listen_to(chosen: Common) -> None:
    if chosen.quiet or chosen.verbose:  # else as before the command's name
        terminal.set_up(chosen.quiet, chosen.verbose)


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    """What is no number, or none of the choices, said in plain words, where typer passes on a program's."""
    try:
        yield
    except typer.BadParameter as error:
        for kind, plain in (("integer", "a whole number"), ("number", "a number")):
            if error.message.startswith(f"Input should be a valid {kind}, unable to parse"):
                error.message = f"it must be {plain}"
        error.message = error.message.removeprefix("Value error, ")
        raise


def _plain(parameters: list[Any]) -> list[Any]:
    """The same parameters; of flags the help shows no value, which nobody can type."""
    for one in parameters:
        if isinstance(one, TyperOption) and one.is_flag and one.metavar is None:
            one.metavar = ""
    return parameters


class Command(TyperCommand):
    """A command whose `--json` may stand without a value."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _plain(super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _plainly():
            return super().parse_args(ctx, _json_to_terminal(args))


class Group(TyperGroup):
    """A group whose `--json` may stand without a value."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _plain(super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _json_to_terminal(args))


class RoutinesGroup(Group):
    """`routines NAME` is short for `routines show NAME`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


def _json_to_terminal(args: list[str]) -> list[str]:
    """`--json` without a value as `--json=-`: typer has no options whose value may be left out."""
    end = args.index("--") if "--" in args else len(args)
    return [
        "--json=-" if index < end and arg == "--json" and _is_no_value(following) else arg
        for index, (arg, following) in enumerate(zip_longest(args, args[1:]))
        if arg is not None
    ]


def _is_no_value(following: str | None) -> bool:
    return following is None or (following.startswith("-") and following != "-")
