"""The templates of all pages: each page is one HTML file, complete in itself."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from posecoach import __version__
from posecoach.core import translation
from posecoach.core.translation import humanise, tr


def render(template: str, **values: object) -> str:
    """A template of `posecoach/templates`, filled in; markup in values is escaped."""
    return _environment().get_template(template).render(language=translation.language(), **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("posecoach"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"tr": tr, "humanise": humanise, "version": __version__}
    return environment
