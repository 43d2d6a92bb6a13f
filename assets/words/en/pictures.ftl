### Words in pictures: what charts, the drawn network, races and figures say of themselves, on the screen and in files.

## Gains: the cloud, the candidates, what was foreseen together
pictures-cloud = Round { $round }: gains estimated by { $estimator } and actual gains
pictures-cloud-end = Round { $round }: gains estimated by { $estimator } and gains in the end
pictures-agreement = { $family }: n { $n }, r { $r }, slope { $slope }
pictures-family-chosen = { $family }, chosen
pictures-layer-colours = Colours: the layers, dark for the first and light for the last. On the line the estimate is right.
pictures-candidates = Round { $round }: the candidates
pictures-some-candidates = { $all } candidates, { $chosen } chosen; here are the { $best } best estimates and all that were chosen. Estimated by { $estimator }.
pictures-all-candidates = { $all } candidates, { $chosen } chosen; all of them are here. Estimated by { $estimator }.
pictures-gain-and-dash = Gain: by how much the mean loss falls. A dash: not measured.
pictures-gain-held-out = gain on the held-out images
pictures-gain-validation = gain on the validation images
pictures-estimated = estimated
pictures-actual = actual
pictures-at-once = at once
pictures-in-the-end = in the end
pictures-promises = Estimated gains of the made changes, and what came
pictures-promises-note = Gain: by how much the mean loss falls. Changes made together repair the same errors, so that their single gains add up to too much.
pictures-on-validation = Validation images: choices are made by them
pictures-on-held-out = Held-out images: only to report on
pictures-summed = single gains, summed
pictures-right-on-the-line = On the line the estimate is right.

## Curves
pictures-curves = Loss and accuracy over training steps
pictures-loss-lower = Loss: lower is better
pictures-accuracy-higher = Accuracy: higher is better
pictures-cross-entropy = mean cross-entropy
pictures-held-out = held-out images
pictures-held-out-of = held out: { $name }

## The network and its history
pictures-network = The network
pictures-network-note = A cell a channel; its colour is the layer's place along the network. What the growth above it made is marked, what it took away is left as an outline; of a split channel, the second child is the new one.
pictures-not-grown = It has not grown yet.
pictures-seed = The seed
pictures-found = What the search found
pictures-after-round = After round { $round }
pictures-size = { $parameters } parameters, held-out loss { $loss }, accuracy { $accuracy }
pictures-made =
    { $changes ->
        [0] no change made
        [one] 1 change made
       *[other] { $changes } changes made
    }
pictures-kernels = { $side }×{ $side } kernels
pictures-max-pool = max pool
pictures-mean-pool = mean pool
pictures-mean-of-all = mean of all
pictures-a-channel = a channel
pictures-new = new
pictures-gone = gone
pictures-image = image
pictures-classes = { $classes } classes
pictures-seed-untrained = { $run }: the seed, not trained yet
pictures-trained = { $run }: trained, phase { $phase }
pictures-grown = { $run }: grown in round { $round }

## Why something is not drawn
pictures-none-measured = no gains are measured yet
pictures-none-estimated = no gains are estimated yet
pictures-none-scored = nothing is scored or trained yet
pictures-none-chosen = no changes are chosen yet

## Searches
pictures-by-cost = Trials by cost
pictures-by-size = Trials by size
pictures-cost-so-far = cost so far
pictures-validation-loss = validation loss
pictures-trials-note = { $trials } trials after the seed; lines lead from parents to children, bars are standard errors.
pictures-copies-note = A copy is its parent trained on unchanged for as long: gains are held against it where it was tried.
pictures-parent-to-child = from parent to child
pictures-copy = copy
pictures-changed = changed
pictures-the-seed = seed
pictures-goes-on = goes on
pictures-believed = What was believed, what came
pictures-predicted-gain = predicted gain

## Races
pictures-race = Runs at equal cost
pictures-one-seed = One seed. The untrained network, which has cost nothing, is left of the break.
pictures-seeds = Mean over up to { $seeds } seeds with its 95 % interval. The untrained network, which has cost nothing, is left of the break.
pictures-most-accurate = The { $drawn } most accurate of { $all } configurations.
pictures-size-title = Size
pictures-held-out-loss = held-out loss
pictures-held-out-accuracy = held-out accuracy
pictures-cost-of-run = total cost of the run
pictures-column-seeds = seeds
pictures-column-accuracy = accuracy, held out
pictures-column-flops = FLOPs an image
pictures-column-total = total FLOPs

## What axes are named after
pictures-gain = gain
pictures-axis-round = round
pictures-axis-channel = channel
pictures-axis-layer = layer
pictures-total-cost = total cost
pictures-learning-cost = cost of learning
pictures-column-estimator = estimator
pictures-column-family = family
pictures-by-estimator = by { $estimator }
pictures-column-mean-gain = mean gain
pictures-column-of-direct = of direct's
pictures-against = against { $first }
pictures-seeds-in-both = seeds in both
pictures-no-seed-in-both = no seed in both
pictures-accuracy-points = accuracy, points
pictures-interval = { $mean } ({ $low } to { $high })
pictures-thousands = thousands
pictures-millions = millions

## The paper's figures
pictures-figure-network = Figure 2: what the estimates say of each channel
pictures-figure-estimates = Figure 3: estimated and actual gains
pictures-figure-estimates-note = A mark a candidate; on the dashed line the estimate is right.
pictures-figure-agreement = r = { $r }, slope = { $slope }, n = { $n }
pictures-figure-learners = Figure 4: actual gains of what each learner makes
pictures-figure-learners-note = Bars: a cluster a candidate, the one that direct gains most by first. Points: means over the candidates with their 95 % intervals; a learner that costs nothing is left of the break.
pictures-figure-splits = splits of conv1
pictures-figure-widening = a new channel
pictures-figure-each = { $part }: each candidate
pictures-figure-mean = { $part }: mean
pictures-figure-growth = Figure 5: growth and fixed networks
pictures-figure-growth-note = { $with }. Means over the seeds; at the left with their 95 % intervals (Student's t).
pictures-figure-by-size = Accuracy and size
pictures-figure-by-cost = Accuracy and cost
pictures-figure-sizes = { $network }, { $train } training images, { $epochs } epochs per round, φ in { $steps } steps of { $batch }, { $held } held out
pictures-all-images = all
pictures-figure-seed = { $sizes }, seed { $seed }
pictures-figure-seeds = { $sizes }, { $rounds } rounds, { $seeds } seeds
pictures-split-scale = left halves: gain of a split
pictures-prune-scale = right halves: cost of pruning
pictures-scale-none = none
pictures-scale-most = the most
pictures-scale-least = the least
pictures-cell =
    Channel { $channel } of { $layer }
    splitting gains { $split } % of the most
    pruning costs less than for { $prune } % of the channels
