"""What is made of what, as pairs of a component and what takes it."""


def get_pairs(needs):
    """Return {(component, product)} of {product: ((component, quantity in one), ...)}."""
    return {(part, product) for product, parts in needs.items() for part, _factor in parts}


def follow(starts, pairs):
    """Return all that is reached from some products by pairs of (from, to)."""
    found, new = set(), set(starts)
    while new:
        new = {after for before, after in pairs if before in new} - found
        found |= new
    return found
