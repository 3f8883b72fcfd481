"""Maximum likelihood over positive parameters: L-BFGS-B on their logarithms."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from ._threads import one_thread

LOG_BOUND = float(np.log(1e8))


@dataclass
class Optimum:
    """Where the search ended: parameters, log-likelihood per customer, iterations, success."""

    theta: np.ndarray
    value: float
    n_iter: int
    converged: bool


def maximize(objective, starts, tol, max_iter, penalizer=0.0):
    """Maximise `objective` from the first start, and from the others if that one is doubtful.

    Parameters
    ----------
    objective : callable
        Takes the positive parameters, returns (value, gradient with respect to them), both per
        customer so that `tol` means the same for 10 and for 1,000,000 customers.
    starts : sequence of sequences of float
        Positive starting points. The later ones are tried when a search from the first one fails or
        runs towards infinity or zero; the best end counts.
    tol : float
        Largest component of the gradient by the logarithms that counts as zero.
    max_iter : int
        Iterations per start.
    penalizer : float
        Weight of the squared logarithms, subtracted from the value (a log-normal prior around 1).

    Returns
    -------
    Optimum
    """

    def negative(log_theta):
        theta = np.exp(log_theta)
        value, gradient = objective(theta)
        value -= penalizer * log_theta @ log_theta
        return -value, 2 * penalizer * log_theta - gradient * theta

    with one_thread():
        return _best_of(negative, starts, tol, max_iter)


def _best_of(negative, starts, tol, max_iter):
    best = None
    for start in starts:
        found = _search(negative, np.log(start), tol, max_iter)
        if best is None or (found.converged, found.value) > (best.converged, best.value):
            best = found
        if best.converged and np.all(np.abs(np.log(best.theta)) < 5):
            break
    return best


def _search(negative, log_start, tol, max_iter):
    bounds = [(-LOG_BOUND, LOG_BOUND)] * len(log_start)
    options = {"gtol": tol, "ftol": 1e-14, "maxiter": max_iter, "maxcor": 10}
    end = minimize(negative, log_start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return Optimum(np.exp(end.x), -float(end.fun), int(end.nit), _is_flat(end, tol))


def _is_flat(end, tol):
    """Tell whether a search ended at an optimum: success, or a gradient lost in rounding."""
    inside = np.abs(end.x) < LOG_BOUND
    slope = np.abs(np.asarray(end.jac)[inside]).max(initial=0.0)
    return bool(np.isfinite(end.fun) and (end.success or slope < 100 * tol))


def log_covariance(objective, theta, n_customers, step=1e-4):
    """Covariance of the logarithms of positive parameters, from differences of the gradient.

    Returns
    -------
    ndarray of shape (k, k)
        NaN where the likelihood is flat.
    """

    def slope(log_theta):
        point = np.exp(log_theta)
        return objective(point)[1] * point

    base = np.log(theta)
    moves = np.eye(len(base)) * step
    hessian = np.array([(slope(base + move) - slope(base - move)) / (2 * step) for move in moves])
    information = -(hessian + hessian.T) / 2 * n_customers
    if not np.all(np.isfinite(information)) or not np.linalg.cond(information) < 1e12:
        return np.full((len(base), len(base)), np.nan)
    return np.linalg.inv(information)
