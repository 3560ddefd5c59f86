/* Chapter "Lazy or not": its claims, section by section.
 *
 * Training is run to its end at scales alpha sqrt(m) over several decades, on data that
 * are drawn; cell.h is one such run, and what the sweep over many machines computes.
 * What can be said exactly, of a few examples, is said so.
 */
#include "ground/claim.h"

extern section feat_one_number, feat_following, feat_two_clocks, feat_before,
    feat_how_far, feat_sweeps, feat_starts, feat_generalize, feat_heuristics,
    feat_teacher_and_student, feat_layers;

CHAPTER_OF(feature_learning, feat_one_number, feat_following, feat_two_clocks,
           feat_before, feat_how_far, feat_sweeps, feat_starts, feat_generalize,
           feat_heuristics, feat_teacher_and_student, feat_layers)
