"""A client of Lift: produce rows, ask for predictions, follow them."""

from .client import Lift, LiftError
from .prediction import Prediction

__all__ = ["Lift", "LiftError", "Prediction"]
