"""Nested mixed models: what lies between therapists, between clients, and within a course?

Rows become small tables of sums (`gram_table`), which are enough for an exact fit (`fit`) and can be made
anywhere: here, in a database, or at several sites that share no row (`merge`). One logistic model is here too
(`fit_logistic`).
"""

from shoshin.science.mixed.comparisons import LikelihoodRatio, TTest, compare, satterthwaite
from shoshin.science.mixed.effects import GroupEffects, conditional_effects
from shoshin.science.mixed.fitting import Criterion, criterion, fit
from shoshin.science.mixed.grams import GramTable, gram_table, merge, table_of_sums
from shoshin.science.mixed.intervals import residual_sd_interval, sd_interval, share_interval
from shoshin.science.mixed.logistic import (
    FittedLogistic,
    LogisticEffects,
    fit_logistic,
    latent_share,
    logistic_effects,
    logistic_sd_interval,
)
from shoshin.science.mixed.models import (
    INTERCEPT,
    BadData,
    BadModel,
    Centering,
    LogisticModel,
    NestedModel,
    RandomTerm,
)
from shoshin.science.mixed.profiles import ProfileInterval
from shoshin.science.mixed.results import Fitted, LevelVariance, NotFitted, variance_share
from shoshin.science.mixed.rows import CompleteRows, centering, centering_of_sums, complete_rows, pool_centerings
from shoshin.science.mixed.tails import chi2_quantile, chi2_tail, t_quantile, t_tail

__all__ = [
    "INTERCEPT",
    "BadData",
    "BadModel",
    "Centering",
    "CompleteRows",
    "Criterion",
    "Fitted",
    "FittedLogistic",
    "GramTable",
    "GroupEffects",
    "LevelVariance",
    "LikelihoodRatio",
    "LogisticEffects",
    "LogisticModel",
    "NestedModel",
    "NotFitted",
    "ProfileInterval",
    "RandomTerm",
    "TTest",
    "centering",
    "centering_of_sums",
    "chi2_quantile",
    "chi2_tail",
    "compare",
    "complete_rows",
    "conditional_effects",
    "criterion",
    "fit",
    "fit_logistic",
    "gram_table",
    "latent_share",
    "logistic_effects",
    "logistic_sd_interval",
    "merge",
    "pool_centerings",
    "residual_sd_interval",
    "satterthwaite",
    "sd_interval",
    "share_interval",
    "t_quantile",
    "t_tail",
    "table_of_sums",
    "variance_share",
]
