### The ending, the curves, the costs, races, figures, trials, and what stands in plots.

## The card at the end of a run.
ending-question = Was it worth it?
ending-hide = Hide
ending-hide-hint = Puts this card away
ending-add-round = Add a round
ending-race = Race against not growing
ending-race-hint = The same settings with and without growth, at equal cost, on several seeds
ending-new-run = New run…

## Its table: the heads, and the networks.
ending-held-out = on held-out images
ending-accuracy = accuracy
ending-loss = loss
ending-parameters = parameters
ending-seed = Seed network, trained
ending-seed-hint = After the first training, before it grew
ending-grown = Grown network
ending-network = Network
ending-grown-hint = At the end
ending-raced = Not grown (race)
ending-raced-hint = The seed network, trained at the race's cost
ending-twin = Twin, not grown
ending-twin-hint = A twin of the network before its last growth, trained on as long

## What it says: the cost, and what can honestly be said of the result.
ending-cost = Cost: { $training }FLOPs to train, { $growing }FLOPs to grow; { $time } in all.
ending-sure = With { $images } held-out images, differences below ±{ $points } points may be chance.
ending-against = { $rival }: loss { $without } without growth, { $grown } with it.
ending-lost = Not growing did better here.
ending-won = Growing did better.
ending-no-growth = It did not grow.
ending-alone = Accuracy { $accuracy_before } → { $accuracy_after }, loss { $loss_before } → { $loss_after }. It also trained longer: only a race tells what growing did.
ending-worse = The held-out loss is higher than before it grew: it learned its training images too well, or its choices, made on few images, did not hold.
ending-noise = The gain in accuracy is within the noise.

## Loss and accuracy over training steps.
curves-empty = Nothing trained yet.
curves-empty-next = Press Play, and watch the loss fall.
curves-kept = { $preset }, seed { $seed } (run { $run })
curves-remove = Remove
curves-remove-hint = Do not compare with this run any more
curves-loss = Loss: mean cross-entropy in nats, lower is better
curves-accuracy = Accuracy on held-out images, in percent
curves-logarithmic = Logarithmic loss
curves-logarithmic-hint = By powers of ten: late, small falls of the loss are then seen as well as early ones
curves-smoothing = Smoothing
curves-smoothing-hint = Training steps that the loss of a batch is averaged over
curves-raw = raw
curves-over-steps = over { $steps } steps

## In the plots: their names, axes, curves and marks.
curves-plot-loss = loss
curves-plot-accuracy = accuracy
curves-steps = training steps
curves-point = step { $step }: { $value }
curves-restarts = learning rate restarts here
curves-ungrown = trained on, not grown
curves-still-to-come = still to come
curves-batches = training batches
curves-held-out = held out
curves-growth = growth

## What the stages cost.
costs-empty = Nothing has been computed yet.
costs-empty-next = Press Play: every stage's time and arithmetic is counted.
costs-train = Train
costs-learn = Learn
costs-estimate = Estimate
costs-measure = Measure
costs-grow = Choose and grow
costs-total = { $time } of computing so far.
costs-stage = Stage
costs-time = Time
costs-to-grow = To grow
costs-to-show = To show it
costs-share = Share of the time
costs-rounds = The network, round by round
costs-parameters = Parameters
costs-held-out-loss = Held-out loss
costs-accuracy = Accuracy
costs-flop-per-image = FLOP per image
costs-seed = Seed
costs-round-trained = Round { $round }, trained
costs-round-grown = Round { $round }, grown
costs-last-trained = Last, trained
costs-last-grown = Last, grown

## Racing configurations at equal cost.
race-question = Which configuration gives the best network for the same arithmetic? Every run may spend the same FLOPs on training, learning, estimating and measuring.
race-ended = Each run ended at { $cost }FLOPs in all.
race-none = No race has been run to its end yet.
race-add = Add this run's settings
race-add-hint = Then change something in them: another estimator, family or budget, or another learner by a file of settings
race-add-fixed = Add a fixed network of this size
race-add-fixed-hint = A network as large as this run's is now, which never grows
race-no-fixed-hint = Only chains of convolutions without norms can be written as a fixed network
race-entrant-name = Name of configuration { $number }
race-settings = Settings…
race-remove = Remove
race-add-two = Add two or more, and start the race.
race-limit = Limit the cost
race-limit-hint = Otherwise all spend what the most expensive takes by its own settings
race-limit-each = What each run may spend
race-start = Start the race
race-resume = Resume the race
race-foreseen-hint = If every run takes as long as this one's rounds did
race-no-entrants = Configurations: found none, expected two or more
race-so-far = So far
race-runs = runs
race-held-out-loss = loss, held out
race-accuracy = accuracy
race-fixed = { $preset }, does not grow
race-grows = { $rounds ->
        [one] { $preset }, 1 round of { $families } by { $learner } ({ $estimator })
       *[other] { $preset }, { $rounds } rounds of { $families } by { $learner } ({ $estimator })
    }

## The paper's figures.
figures-name = Figure { $number }
figures-version = Our version of the paper's figure { $number }: { $what }.
figures-network = the network, coloured by what the estimates say of each channel
figures-estimates = estimated against actual, for each family and estimator
figures-learners = what each learner's changes really gain
figures-race = growth beside fixed networks, at equal cost
figures-small = Small sizes
figures-small-hint = Minutes on two cores; noisy
figures-full = Full sizes
figures-full-hint = Up to hours on two cores
figures-make = Make figure
figures-resume = Resume the figure
figures-not-made = Figure { $number } has not been made yet.

## What races and figures share: seeds, progress and runs.
studied-seeds = Seeds
studied-seeds-hint = Each repeats the race with other random choices; bars show the spread
studied-no-seed = Seeds: found "{ $found }", expected numbers such as 1, 2, 3
studied-busy = The run is busy: pause it first.
studied-cancel-hint = Cancel stops it, and so does Esc, which asks first; every run is kept
studied-runs = Runs: { $done } of { $all } done
studied-open-hint = Opens this run here; a study under way stops, and can be resumed later
studied-missing-hint = Nothing is there to be opened yet
studied-missing = not begun
studied-begun = begun
studied-grown = grown
studied-done = done
studied-all-grown = all runs are grown; each ends at { $cost }FLOPs in all
studied-measuring = { $run }: measuring, { $number } of { $all }
studied-growing = { $run }: growing, { $number } of { $all }
studied-training = { $run }: last training, { $number } of { $all }
studied-time-left = { $said }, { $time } left

## The trials of a search.
trials-none = No network was tried yet.
trials-none-next = No network was tried yet: the seed network is trained first.
trials-now = Trial { $trial }: { $why }
trials-best = Trial { $trial } is the best so far.
trials-trial = Trial
trials-changes = Changes
trials-loss = Loss
trials-loss-hint = On the validation images, after the short training
trials-predicted = Predicted
trials-predicted-hint = What the changes were believed to gain together
trials-at-once = At once
trials-at-once-hint = What they gained before any training
trials-in-the-end = In the end
trials-in-the-end-hint = Over the parent trained on for as long, where that was tried
trials-parameters = Parameters
trials-parameters-hint = How many more than the seed
trials-diverged = diverged
trials-the-seed = the seed
trials-trained-on = { $parent }, trained on

## Whom the strategies are after.
trials-after-rounds = growth rounds
trials-after-random = random search
trials-after-hill-climbing = after NASH (Elsken, Metzen, Hutter, 2017), our reconstruction
trials-after-evolution = after regularised evolution (Real and others, 2018), our reconstruction
trials-after-pareto = after LEMONADE (Elsken, Metzen, Hutter, 2018) and NSGA-II (Deb and others, 2002), our reconstruction
trials-after-autogrow = after AutoGrow (Wen and others, 2019), our reconstruction
trials-after-ev3 = after EV3 (arXiv 2310.18893, 2023), our reconstruction

## One change along its scale.
along-part = part of the change that is made
along-truth = truth
along-tangent = tangent
along-mark = mark
along-plot = gains along the change
along-mark-at = Mark at
along-mark-slider = Mark

## Plots and their scales.
plots-nothing = There is nothing to plot before gains are measured.
plots-plot = Plot: { $name }
stretch-even = even scale
stretch-bent = stretched scale: even up to ±{ $knee }, then by powers of ten
