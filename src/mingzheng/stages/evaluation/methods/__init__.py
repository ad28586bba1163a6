"""Evaluation methods: pure functions from published criteria, prices, scores and drawn parameters to a ranking.

Decimal only, half up; every result carries the trace a report prints and a record anybody can compute again.
"""

from mingzheng.kernel.drawing import BadDraw, Drawn, commitment, draw, verify
from mingzheng.stages.evaluation.methods.benchmark import Offer, PriceResult, parameters_of, price_points
from mingzheng.stages.evaluation.methods.hints import LowPrice, ScoreHint, low_prices, score_hints
from mingzheng.stages.evaluation.methods.lowest import Adjustment, lowest_price
from mingzheng.stages.evaluation.methods.recompute import computes, lowest_record, weighted_record
from mingzheng.stages.evaluation.methods.scoring import (
    BadScore,
    Criterion,
    Dropping,
    Outcome,
    Ranked,
    Score,
    check_score,
    weighted,
)
from mingzheng.stages.evaluation.methods.trace import Step, Trace
from mingzheng.stages.procedures.formulas import BadFormula, Formula, Parameter
from mingzheng.stages.procedures.formulas import load as load_formula
from mingzheng.stages.procedures.formulas import names as formula_names
from mingzheng.stages.procedures.formulas import read as read_formula

__all__ = [
    "Adjustment", "BadDraw", "BadFormula", "BadScore", "Criterion", "Drawn", "Dropping", "Formula", "LowPrice",
    "Offer", "Outcome", "Parameter", "PriceResult", "Ranked", "Score", "ScoreHint", "Step", "Trace", "check_score",
    "commitment", "computes", "draw", "formula_names", "load_formula", "low_prices", "lowest_price", "lowest_record",
    "parameters_of", "price_points", "read_formula", "score_hints", "verify", "weighted", "weighted_record",
]  # fmt: skip
