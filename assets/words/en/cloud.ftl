### The panels of candidates: the plot of estimated and actual gains, the table, reasons, predictions, promises, outcomes, formulas, and what Play stops for.

## Estimated against actual

cloud-none = No candidates yet.
cloud-none-next = Press Play: after the first training the network's possible changes are listed, and each gets a point here.
cloud-unestimated = { $count } candidates, not estimated yet.
cloud-unestimated-next = The next stages learn each change and predict its gain; then the points appear here.
cloud-forming = Forming: what the formula foresees on training images while every change is learned.
cloud-unmeasured = Not measured yet: the points lie on the line of actual gain 0 until they are.
cloud-predict-hint = Hide all gains once they are estimated, put six changes in the order that you expect, then compare
cloud-predict-next = Play stops there and asks you.
cloud-formula = Formula
cloud-formula-hint = The formula that the gains are estimated by
cloud-learned-by = { $formula } (learned by)
cloud-all-formulas = All formulas
cloud-all-formulas-hint = Every formula's estimate of every candidate at once
cloud-family-hint = Show this family
cloud-family-numbers-hint = Show this family. { $count } candidates, r { $r }, slope { $slope }
cloud-count-hint = Candidates
cloud-pearson-hint = Pearson's correlation: do they lie on a line? 1 is perfect
cloud-spearman-hint = Spearman's rank correlation: are they in the same order? 1 is perfect
cloud-slope = slope
cloud-slope-hint = Actual gain per estimated gain: 1 is perfect
cloud-round = Round { $round }
cloud-gains = Gains
cloud-gains-hint = What helps, on an even scale
cloud-all = All
cloud-all-hint = What harms as well, on a stretched scale
cloud-outside = { $scale }; { $count } that harm more lie outside
cloud-axis-estimated = estimated gain
cloud-axis-actual = actual gain
cloud-axis-end = gain in the end
cloud-at-once-hint = What each change gained when it was made, before any training
cloud-in-the-end-hint = What each followed change was worth after the next training, against a twin of the network without it
cloud-in-the-end = in the end: { $gain }
cloud-plot = Estimated gains against actual gains
cloud-estimated-by = estimated by { $formula }: { $gain }
cloud-actual = actual: { $gain }
cloud-actual-unknown = actual: not known
cloud-error = error: { $gain }
cloud-first-layer = first layer
cloud-last-layer = last layer
cloud-chosen = chosen
cloud-right = the formula is right

## Table

table-none-next = The stage Propose lists them, after the first training.
table-filter = Filter, such as conv2
table-filter-name = Filter candidates
table-show-family = Show family { $family }
table-chosen = { $count } chosen; sum of single gains, validation images: { $gain }.
table-tick = Tick others to choose yourself.
table-empty = No candidate of that name. Clear the filter, or show more families.
table-boxes = Column of boxes to choose by
table-column = Column { $name }
table-box = Box of { $candidate }
table-cell = { $column } of { $candidate }
table-choose = Choose { $candidate }
table-candidate = Candidate
table-candidate-hint = What would change
table-why = Why
table-why-hint = Why it was chosen or was not
table-estimated = Estimated
table-estimated-hint = Gain by the formula
table-actual = Actual
table-actual-hint = Gain when really made
table-error = Error
table-error-hint = Actual minus estimated
table-parameters = Parameters
table-parameters-hint = How many it adds
table-scale = Scale
table-scale-hint = How far along the learned direction to go; 0 is not worth it

## Why a candidate was taken or passed over

why-by-you = chosen by you
why-by-you-hint = The method had passed it over
why-dropped = dropped by you
why-dropped-hint = The method had chosen it
why-chosen = chosen
why-chosen-hint = The network grows by it
why-adds = chosen: adds { $adds }
why-adds-hint = On the validation images the choice would gain { $adds } less without it; alone it gains { $gained }
why-no-step = no step helps
why-no-step-hint = On the validation images the best step along it is none at all
why-no-help = would not help
why-no-help-hint = It would not lower the validation loss
why-costs = costs more than it earns
why-costs-hint = It gains { $gained } on the validation images; its cost asks for { $needs }
why-not-beside = not beside { $other }
why-not-beside-hint = It and { $other } change the same place; that one was taken
why-layer-needs = its layer needs it
why-layer-needs-hint = Its layer would lose its last channel, or the two exclude each other
why-little = adds only { $adds } on top
why-little-hint = Alone it gains { $gained } on the validation images, but what is taken repairs the same errors: on top of that it adds { $adds }
why-training = training brings it too
why-training-hint = It would add { $adds }, but training the weights that are there brings that as well
why-full = no place left
why-full-hint = The round has as many changes as budget.max-candidates allows
why-budget = over the budget
why-budget-hint = The grown network would be larger than the budget allows
why-not-tried = not tried
why-not-tried-hint = The choice ended before its turn came
why-none-helped = together no help
why-none-helped-hint = All changes with an estimated gain were tried together, at several lengths, and none lowered the validation loss

## Predict first

predict-first = Predict first
predict-plot = To the plot
predict-plot-hint = Close the cards, and show every estimate against its actual gain
predict-stop = Stop
predict-stop-hint = Show everything without an answer
predict-question = Which of these changes lowers the held-out loss most? Put it on top: drag the cards, or press Up and Down. Pointing at a card lights its cell; a click shows its filter.
predict-reveal = Reveal
predict-unmeasured = Press Play: the changes are made and measured first.
predict-card = Card { $place }: { $change }
predict-up = Up
predict-down = Down
predict-you = you
predict-you-hint = Your place
predict-change = change
predict-formula = formula
predict-formula-hint = The place by its estimated gain
predict-truth = truth
predict-truth-hint = The place by its actual gain
predict-gain = actual gain
predict-gain-hint = How far the held-out loss fell, in nats
predict-score = You put { $person } of { $pairs } pairs in the right order, the formula { $formula }.

## What chosen changes promise together

promises-summed = sum of single gains
promises-summed-hint = Too much: changes made together repair the same errors
promises-joint = joint estimate
promises-joint-hint = What the linearised network foresees for all of them at once
promises-came = what came
promises-came-hint = What the grown network really gains; known once it was tried or made
promises-unknown = not known yet

## What choices came to

outcomes-by-you = You chose { $count }: together they gained { $gain } on the held-out images before any training.
outcomes-by-method = The method chose { $count }: together they gained { $gain } on the held-out images before any training.
outcomes-again-hint = Undo, choose otherwise and grow again to compare.

## The formula in a candidate's numbers

explain-first-order = gain ≈ −mean a: the slope alone
explain-rank1 = gain ≈ −mean (a + a²/4L): the slope, and the least curvature that fits it
explain-gauss-newton = gain ≈ −mean (a + ½(Σp·d² − (Σp·d)²)): the slope, and the curvature of the softmax
explain-sampled = gain ≈ −mean (a + ½(ĝ·Δz)²): the slope, and the curvature by one drawn label per image
explain-linearised = gain ≈ mean L − mean (logsumexp(o + d) − (o + d) at y): the true loss of the shifted logits
explain-symbols-hint = a is the loss's slope along the change, d the change of the logits, p the softmax, L the loss
explain-hidden = Gains are hidden until you have put the cards in order.
explain-slope = { $formula }, step { $scale }:  first-order gain { $slope }
explain-sum = { $formula }, step { $scale }:  first-order gain { $slope }  { $sign } curvature cost { $cost }  =  { $estimate }
explain-actual = actual { $actual }     error { $error }
explain-point = Point at a cell, a point or a row to see its numbers in the formula.
explain-unestimated = Not estimated yet.

## What Play stops for

pause-expect = What do you expect?
pause-expect-now = { $count } changes have an estimated gain, and none is made yet. Red cells are worth splitting, blue ones can go. Will the formula be right? Press Predict first to bet against it, or Play to measure.
pause-right = Was the formula right?
pause-right-now = Points on the diagonal are changes that gained what was foreseen. Click the one that is furthest from it, and read its numbers below.
pause-changed = What has changed?
pause-changed-nothing = Nothing was worth its cost: the network stays as it is, and trains on.
pause-changed-now = Children stand beside their parents, ringed; what was pruned is a ghost. The table says why each change was taken. Next, the grown network trains.
