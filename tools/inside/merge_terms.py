"""Write the templates and translations of add-ons. Runs in the environment, not in the set-up.

On standard input: JSON of what Odoo exported, by add-on. Printed: JSON of the problems left in
the translations, by add-on.
"""

import json
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from runtime import terms  # noqa: E402


def main():
    """Merge each export into the add-on's files; a text that several have is translated once."""
    exported = json.load(sys.stdin)
    places = {module: ROOT / module / "i18n" / f"{terms.LANGUAGE}.po" for module in exported}
    earlier = {
        module: polib.pofile(str(place)) for module, place in places.items() if place.exists()
    }
    left = {}
    for module, place in places.items():
        pot = terms.template(module, exported[module])
        own = [earlier[module]] if module in earlier else []
        merged = terms.translation(module, pot, *own, *earlier.values())
        place.parent.mkdir(exist_ok=True)
        pot.save(str(place.with_name(f"{module}.pot")))
        merged.save(str(place))
        left[module] = terms.problems(pot, merged)
    print(json.dumps(left))


if __name__ == "__main__":
    main()
