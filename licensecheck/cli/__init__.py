"""The command line: one small file per command. What a command imports beyond click, it imports when it runs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

import licensecheck

if not hasattr(licensecheck, "__version__"):
    # Another project's `licensecheck/__init__.py` lies in the place of ours and has come here from its own command.
    import hf_licensecheck

    raise SystemExit(hf_licensecheck.main())

from licensecheck.cli import exits, output
from licensecheck.cli.cache import cache
from licensecheck.cli.check import check
from licensecheck.cli.completion import completion
from licensecheck.cli.diff import diff
from licensecheck.cli.download import download
from licensecheck.cli.explain import explain
from licensecheck.cli.license import license_
from licensecheck.cli.lock import lock
from licensecheck.cli.options import settle_from_environment
from licensecheck.cli.rules import rules
from licensecheck.cli.run import run as run_command
from licensecheck.cli.scan import scan
from licensecheck.cli.text import text
from licensecheck.cli.verify import verify
from licensecheck.errors import LicenseCheckError

DEBUG = "LICENSECHECK_DEBUG"
COLLECT_AFTER = 200_000
"""Objects made before the collector looks for cycles: reading makes many that live long and hardly a cycle."""


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from licensecheck.rules import digest

        click.echo(f"licensecheck {licensecheck.__version__} (hf-licensecheck, rules {digest()[:19]})")
        context.exit()


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  licensecheck check deepseek-ai/DeepSeek-V3
  licensecheck check org/name@v1.0 ./local-folder --format json
  licensecheck check -r models.txt --offline
  licensecheck text LICENSE.md
  licensecheck explain field.military

\b
Every option can also be set in the environment: --policy is LICENSECHECK_POLICY.

\b
Exit codes: 0 allowed, 1 refused by the policy, 2 wrong usage, 3 could not decide.""",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit.")
def main_group() -> None:
    """Tells under which terms a Hugging Face model really stands, before a weight is downloaded."""


for command in (check, download, run_command, scan, cache, text, license_, explain, lock, verify, diff, rules, completion):
    settle_from_environment(command)
    main_group.add_command(command)


def main() -> int:
    """The way in for the other project's console script, should it lead here: the same road, with the same look around."""
    import hf_licensecheck

    return hf_licensecheck.main()


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line and returns its exit code. The only place where errors become words on stderr."""
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    try:
        code = main_group.main(arguments, prog_name="licensecheck", standalone_mode=False)
        return code if isinstance(code, int) else exits.ALLOWED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return exits.USAGE
    except click.ClickException as error:
        error.show()
        return exits.USAGE
    except (KeyboardInterrupt, click.Abort):
        print("licensecheck: stopped", file=sys.stderr)
        return exits.INTERRUPTED
    except BrokenPipeError:
        output.close_stdout()
        return exits.UNDECIDED
    except LicenseCheckError as error:
        exits.tell(error)
        return error.exit_code
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        print(f"licensecheck: internal error: {type(error).__name__}: {error}\n  Set {DEBUG}=1 to see where.", file=sys.stderr)
        return exits.UNDECIDED
