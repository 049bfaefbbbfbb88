"""`python -m licensecheck`: the same as the command."""

import sys

from licensecheck.cli import main

sys.exit(main())
