### What the commands print: the report of a run and of a search, progress, how to go on.

## Heading
report-engine = Seedling { $version }, engine { $engine }, seed { $seed }
report-images = Images
report-images-of = { $name } ({ $source }), { $classes } classes: { $train } to train on, { $validation } for validation, { $held } held out to report on
report-with-weights = in { $file }, with its weights
report-of-layers = of the layers in { $file }
report-plan = Plan
report-plan-rounds =
    { $rounds ->
        [one] 1 growth round
       *[other] { $rounds } growth rounds
    }
report-plan-search = a search ({ $after })
report-plan-from = { $plan } from the seed network { $seed }, changes by { $families }
report-note = Note
report-warning = Warning: { $warning }

## A round
report-round = Round { $round } of { $rounds }
report-trained = trained
report-grown = grown
report-not-trained = The grown network has not been trained yet: the next training starts from there.
report-imitated = The grown network has only imitated its parent, for { $steps } steps: the next training starts from there.
report-prevent = Fewer changes per round, or confirm = true, keep this from happening.
report-result = Result
report-seed-trained = seed, trained
report-untrained = untrained
report-final = final
report-computing = { $time } of computing.
report-change = change
report-loss-held-out = loss, held out
report-loss-training = loss, training
report-accuracy-training = accuracy, training
report-parameters = parameters
report-flops = FLOPs per image
report-points = { $points } pt
report-about-loss = cross-entropy in nats: lower is better
report-about-accuracy = images classified correctly
report-about-parameters = numbers that training fits
report-about-flops = arithmetic of one forward pass
report-about-training = the same on the images trained on

## Its candidates
report-candidates = Candidates: { $all ->
    [one] 1 change considered
   *[other] { $all } changes considered
    }, { $made } made.
report-about-gain = Gain is how far the held-out loss falls: estimated by the formula "{ $estimator }", actual by making the change and looking. Scale is how far along the learned direction to go.
report-scale = scale
report-alone = alone
report-beyond-training = beyond training
report-made = made
report-none-made = none was worth its cost
report-best = best estimates
report-worst = worst estimates
report-own-step = Beyond training: one more step of the existing weights would gain { $gain } for nothing, by the linearised loss on the validation images. What a change gains beside that step is growth; alone, some of it may be training.
report-added = The changes that were made add { $gain } to it.
report-no-length = Tried together, no length of the changes lowers the loss: the network stays as it is.
report-together = Together: the { $made } changes repair the same errors, so their single gains do not add. The joint estimate foresees all of them at once, each made only as far as the others leave it work.
report-validation = validation
report-held-out = held out
report-joint = joint estimate
report-came = came
report-factor = Made at { $factor } of the chosen lengths: the best of those that were tried.
report-agreement = Agreement of estimated and actual gains, over all candidates of a family; 1 is perfect. Pearson: do they lie on a line? Spearman: are they in the same order? Slope: actual per estimated.
report-slope = slope
report-not-all = not all
report-measured = measured

## In the end
report-in-the-end = In the end: { $followed ->
    [one] 1 change
   *[other] { $followed } changes
    } followed through the next training, each alone in a twin of the network. Gain in the end is how much lower its held-out loss is than { $loss }, that of a twin without any change.
report-all-made = all that were made
report-own-score = the learner's own score
report-gain-at-once = the gain at once
report-again = the end in another order
report-foreseen = Spearman with the end: { $ranks }.

## What it cost
report-work = work
report-seconds = seconds
report-to-show = to show it
report-train = fitting the weights, scoring the result
report-learn = finding the best form of every candidate, all at once
report-estimate = choosing scales, predicting every gain by every formula
report-measure = making the changes one by one to see the actual gains
report-choose = trying the most promising together
report-grow = rewriting the network, scoring it
report-about-flop = FLOPs are what the method needs; what only shows how well it works is counted apart.
report-files = Every number is in { $folder } (run.json, { $table }).

## A search
report-trial = trial { $trial }
report-seed-trial = the seed, trained
report-copy-trial = trial { $parent } trained on
report-changed-trial = { $changes } of trial { $parent }
report-trial-loss = loss { $loss }
report-trial-predicted = predicted { $gain } ± { $error }, at once { $immediate }
report-trial-gained = gained { $gain }
report-trial-best = the best so far
report-search = Search: { $after }
report-search-cost = { $trials } trials after the seed in { $time }, { $cost }FLOP of the method; its own thinking took { $thinking }FLOP and { $thought }.
report-goes-on = Trial { $trial } goes on. It was tried because: { $why }
report-trial-column = trial
report-parent = parent
report-loss = loss
report-predicted = predicted
report-about-trials = Losses and gains are of the validation images; nothing is decided by the held-out ones, which are scored for trials that were the best so far. In the end is after the short training, over the parent trained on for as long where that was tried.
report-beliefs = What was believed: { $count ->
    [one] 1 prediction
   *[other] { $count } predictions
    }; Spearman { $once } with the gain at once, { $end } with the gain in the end; { $within } of the gains at once lay within two standard errors of the prediction.
report-not-learned = Predicted is what the changes would gain if they were learned, which they are not here: at once only what removes something, or is drawn at random, changes what the network computes.

## Progress
report-search-stage = search { $stage }
report-final-stage = final { $stage }
report-round-stage = round { $round } of { $rounds } { $stage }
report-done-in = done in { $time }
report-notice = note: { $text }
report-warned = warning: { $text }

## Going on
report-finished = The run in { $folder } is finished; nothing was changed. To grow it further, give more --rounds.
report-at-learning = in round { $round }, learning step { $step } of { $steps }
report-before-stage = before { $stage } of round { $round }
report-at-training = in round { $round }, training step { $step } of { $steps }
report-saved = everything is saved
report-saved-before = everything before is saved, and { $stage } begins again
report-stopped = Stopped { $place }; { $saved }. To resume: seedling grow --resume { $folder }
report-stopped-unsaved = Stopped { $place }; nothing was saved. With --out DIR a run can be resumed later: --resume DIR.

## A comparison
report-compared = { $configurations } configurations, { $seeds ->
    [one] 1 seed
   *[other] { $seeds } seeds
    } each, every run at a total cost of { $cost }FLOPs (training, learning, estimating, measuring, choosing and scoring all counted); the last training of each run takes what the rest of it left.
report-compared-files = Every number is in { $folder } (summary.csv, curves.csv).
