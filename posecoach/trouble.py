"""Any failure as one sentence, the unforeseen ones included."""

from posecoach.errors import PosecoachError


def sentence(error: BaseException) -> str:
    """What went wrong and the way out, for a person."""
    if isinstance(error, PosecoachError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory: close other programs or use fewer --jobs."
    text = " ".join(str(error).split())
    return (
        f"Something unforeseen went wrong ({type(error).__name__}{': ' + text if text else ''}): "
        "'posecoach -v' before the command shows where, which helps a report."
    )


def status(error: BaseException) -> int:
    """The exit status for `error`."""
    return error.exit_status if isinstance(error, PosecoachError) else 1
