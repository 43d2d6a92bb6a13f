### The network, one channel of it, the row of stages and the slider over the history.

## The network: what its colours stand for
network-title = Network
network-paint-gain = Estimated gain
network-paint-gain-hint = Red where splitting gains most, blue where pruning costs least
network-paint-activation = Activation
network-paint-activation-hint = Each channel's output for the image
network-paint-filter = Filter
network-paint-filter-hint = Each channel's weights

## The network: its legend, in 350 points at most
network-legend-forming = forming while changes are learned
network-legend-split = splitting gains most
network-legend-prune = pruning costs least
network-legend-new = ringed: new, not trained yet
network-legend-before-and = colours of the round before;
network-legend-before = colours of the round before
network-legend-none = no estimates yet: one tint per layer
network-legend-past = activations are only of now
network-legend-activation = bright: strong activation
network-legend-filter = first layer in its own colours; red positive, blue negative

## The network: its cells and the image
network-channel = { $layer } channel { $channel }
network-cell-new = New: made by the last growth, not trained yet.
network-cell-gain = { $family }: estimated gain { $gain }
network-cell-click-hint = Click to see its filter and candidates
network-next-image = Next image
network-previous-image = Previous image

## One channel: its head and its activation
channel-changes = Changes
channel-changes-hint = The changes that could be made here, with their formulas
channel-pixels = Pixels × kernel
channel-pixels-hint = How one number of the activation comes about
channel-images = Repaired, broken
channel-images-hint = The images that a change gets right or wrong
channel-scale = Along the scale
channel-scale-hint = What a change gains when only a part of it is made
channel-close = Close
channel-filter = Filter
channel-activation = Activation for this image
channel-place = row { $row }, column { $column } of { $side }×{ $side }
channel-size = { $side }×{ $side } numbers; click one
channel-place-name = A place of the activation: row { $row }, column { $column }; arrow keys move it
channel-past = Only of now
channel-not-computed = Not computed yet

## One channel: its changes and its filter
channel-not-proposed = Its candidates appear after the stage Propose, when the network has been trained.
channel-whole-layer = the whole layer
channel-chosen = chosen
channel-cost = { $parameters } parameters, { $arithmetic }FLOP per image
channel-kernels = one kernel per input channel
channel-kernels-some = one kernel per input channel, { $shown } of { $count } shown

## One channel: a place of its activation, taken apart
channel-this = This channel
channel-first-child = Child 1
channel-second-child = Child 2
channel-shortcut = Before the activation that is shown, more is added: a shortcut ends here.
channel-children-part = The children are made by { $scale } of what was learned.
channel-children-all = The children are made by all that was learned; no step along it was found to help.
channel-children-halves = The next layer weights each by ½.
channel-input = input
channel-pixels-under = pixels under it
channel-times-kernel = × kernel
channel-products = = products
channel-sum = sum
channel-child-kernel = { $child }: kernel
channel-beyond = beyond the image, where 0 is read: 0 × { $weight } = 0
channel-others = { $count ->
    [one] 1 other channel
   *[other] { $count } other channels
    }
channel-bias = bias
channel-norm = norm
channel-steps = u is the sum of all products and the bias
channel-norm-step = norm: (u { $mean }) / { $deviation } × { $weight } { $bias }
channel-relu-step = ReLU: what is below 0 becomes 0

## One channel: the images that a change repairs and those that it breaks
channel-compare-question = Which of the { $count } held-out images does { $what } get right, and which wrong?
channel-compare = Compare the answers
channel-repaired = Repaired: { $count }
channel-broken = Broken: { $count }
channel-more = and { $count } more
channel-verdict-hint = If each image that changed sides had been repaired or broken by the toss of a coin, a difference at least so large would come this often (McNemar's exact test)
channel-neutral = No step along this change was found to help: made, it would change nothing.
channel-what-change = “{ $change }”
channel-not-comparable = Changes can be compared once they are learned.
channel-what-growth = the growth of round { $round }, before it was trained on,
channel-verdict-none = no answer changed sides
channel-verdict-chance = mostly chance ({ $share } % by coins)
channel-verdict-maybe = it may be chance ({ $share } % by coins)
channel-verdict-hardly = hardly chance ({ $share } % by coins)
channel-compared = Of { $images } held-out images { $what } repaired { $repaired } and broke { $broken }: { $verdict }. { $before } were right, { $after } are.
channel-flip = Look at image { $number }, a { $label }: { $before } { $before_share } before, { $after } { $after_share } with the change

## One channel: along the scale of a change, and why there is none
channel-not-learned-kind = This change is made as a whole or not at all.
channel-scale-question = How much better does the network get when a part of the change is made, or more than all of it?
channel-follow = Follow { $change }
channel-scale-at = at { $scale }: truth { $truth }   tangent { $tangent }   { $formula } { $estimate }
channel-only-now = This is computed only for the present moment of the run.
channel-no-round = Changes can be looked at once they are proposed and learned.
channel-no-change = Select a change under Changes first.
channel-not-learned = This change is not learned yet: take the stage Learn.

## The heads of the network's columns, and what they show on a click
heads-layer = Layer { $layer }
heads-reads = reads
heads-reads-channels = { $inputs } channels
heads-kernels = kernels
heads-kernels-shape = { $outputs } × { $inputs }, each { $rows } × { $columns }
heads-gives = gives
heads-gives-channels = { $channels } channels of { $side } × { $side }
heads-then = then
heads-pooling-max = pooling (max)
heads-pooling-mean = pooling (mean)
heads-pooling-all = pooling (mean of all)
heads-parameters = parameters
heads-arithmetic = arithmetic
heads-flops = { $arithmetic }FLOP per image

## The row of stages
stages-finished = Finished
stages-last-training = Last training
stages-trial = Trial { $trial }
stages-search = Search
stages-round = Round { $round } of { $rounds }
stages-done = Stage { $stage }: done
stages-present = Stage { $stage }: present
stages-later = Stage { $stage }: to come
stages-click-hint = Click to look at what it found

## The slider over the history
timeline-name = Moment in the history
timeline-title = Moments
timeline-hint = Shows the network, its candidates and curves as they were at any moment; nothing is undone. Activations are only of now. The earliest moment kept: { $earliest }
timeline-now = Now
timeline-to-now = To now
timeline-to-now-hint = Shows the run as it stands (Escape)
