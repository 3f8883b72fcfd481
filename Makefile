# Everything is in tools/lc.py, which runs without make too: python3 tools/lc.py demo
# Choices: PORT, DB, ODOO, PGHOST, PGPORT, PGUSER, PGPASSWORD, DEBIAN_MIRROR, T (tests),
# M and ADDON (test-upstream), see docs/setup.md
LC = python3 tools/lc.py

.PHONY: demo test test-upstream lint bench i18n shell lock clean
demo test test-upstream lint bench i18n shell lock clean:
	@$(LC) $@
