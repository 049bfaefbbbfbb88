"""`licensecheck completion SHELL`: the script that completes commands and options."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    bash:  eval "$(licensecheck completion bash)"         in ~/.bashrc
    zsh:   eval "$(licensecheck completion zsh)"          in ~/.zshrc
    fish:  licensecheck completion fish | source          in config.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(context.find_root().command, {}, "licensecheck", "_LICENSECHECK_COMPLETE").source())
