### What is told: stages in sentences, the screen in words, the moments of the history, the runs kept; links, and what may be dropped.

## What a stage will do
sentences-before-seed = Score the untrained network, to see what guessing looks like.
sentences-before-train = Train the network: { $steps } steps on { $images } images.
sentences-before-propose = List every change the network allows (split this channel, prune that one…) and what it costs.
sentences-before-learn = Learn the best form of every change, all at once, with the formula { $formula }: { $steps } steps.
sentences-before-estimate = Choose how far to go with each change on { $images } images, then predict its gain on { $others } others.
sentences-before-measure = Make the changes for real, one at a time, and see how far the held-out loss really falls.
sentences-before-choose-joint = Find how far to go with all changes at once, as their gains do not add.
sentences-before-choose-random = Draw the changes by lot.
sentences-before-choose-confirmed = Choose what is worth its cost, each change tested on top of those before it.
sentences-before-choose-single = Choose what is worth its cost, by single gains.
sentences-before-grow = Rewrite the network by the chosen changes; the rest of it stays as it was.
sentences-before-ask = Ask the strategy which network to try next, and why.
sentences-before-assess = Judge the network on { $images } images.
sentences-before-adopt = Take the network that the search found, and score it before its last training.
sentences-before-done = The experiment is finished: add a round (Run menu), or start a new run.

## What a stage did
sentences-trained = Trained: held-out loss { $loss }, { $share } correct.
sentences-proposed = { $count ->
    [one] 1 candidate: { $kinds }.
   *[other] { $count } candidates: { $kinds }.
    }
sentences-learned = Every change learned in { $time }.
sentences-best = Best estimate: { $change }, a gain of { $gain }.
sentences-measured = Estimated and actual gains of { $family }: correlation { $correlation }, slope { $slope }.
sentences-chosen = { $chosen } of { $count } changes chosen.
sentences-grown = Grown from { $before } to { $after } parameters; held-out loss { $was } → { $now } before any training.
sentences-grown-imitating = Grown from { $before } to { $after } parameters; held-out loss { $was } → { $now } after { $steps } steps of imitating its parent.
sentences-worse = The held-out loss rose by { $rise }, accuracy went from { $was } to { $now }. With { $images } images an accuracy is sure to ±{ $points } points.

## What is said above the panels
sentences-left = , { $time } left
sentences-loss = , loss { $loss }
sentences-next = Next, { $stage }: { $what }
sentences-looking-back = Looking back
sentences-past = { $moment }. Only to be looked at: the run itself stays where it is.

## The screen in words, for those who do not see it
aloud-change = Change
aloud-estimated-gain = Estimated gain
aloud-actual-gain = Actual gain
aloud-chosen-or-not = Chosen or not
aloud-done = { $stage } is done.
aloud-seed-done = { $stage } is done. Untrained, { $share } are correct.
aloud-under-way = { $stage } is under way.
aloud-press = Press Play, or One stage.
aloud-past = You look at an earlier moment: { $moment }.
aloud-at-work = Computing with { $engine }. Round { $round }, stage { $stage }, at work.
aloud-waiting = Computing with { $engine }. Round { $round }, stage { $stage }, waiting.
aloud-recognised = { $share } of the held-out images are recognised.
aloud-measured = { $count ->
    [one] 1 candidate has been estimated and measured.
   *[other] { $count } candidates have been estimated and measured.
    }
aloud-recorded = This run was recorded: press Play, and it goes on from here.
aloud-image = the image
aloud-shortcut = A shortcut adds { $from } to what { $to } gives.
aloud-end = At the end { $count } classes: { $names }.
aloud-end-with-cost = At the end { $count } classes: { $names }; { $parameters } parameters.
aloud-layer = { $channels ->
    [one] { $name }: 1 channel of { $side }×{ $side }, kernels { $kernel }×{ $kernel }
   *[other] { $name }: { $channels } channels of { $side }×{ $side }, kernels { $kernel }×{ $kernel }
    }
aloud-pool = , { $pool }
aloud-new = ; { $count } new and not trained yet
aloud-gone = ; { $count } pruned
aloud-not-measured = not measured
aloud-not-decided = not decided
aloud-best = Round { $round }: the best { $shown } of { $count } changes by estimated gain ({ $formula })

## The moments of the history
board-beginning = The beginning
board-opened = Opened before { $stage }
board-nothing-earlier = Before { $stage }, round { $round }: nothing earlier is kept
board-edited = Choice edited by hand
board-more-rounds = More rounds asked for
board-after-last = After the last training
board-after-trial = After { $stage }, trial { $trial }
board-after = After { $stage }
board-after-round = After { $stage }, round { $round }
past-undone = { $moment }, undone
past-from-files = Before { $stage }, round { $round }, from its files

## What computes a run
board-webgpu = WebGPU on { $adapter }
board-candle = Candle on the processor

## The runs kept
runs-of-classes = { $classes } - seed { $seed }
runs-of-preset = { $preset } seed { $seed }
runs-run = Run { $number }: { $title }
runs-just-now = just now
runs-minutes-ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
    }
runs-hours-ago = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
    }
runs-days-ago = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
    }

## What is wrong with a link
link-wrong = The link asks for settings that do not exist: { $what }
link-lesson = lesson: found "{ $found }", expected one of { $names }
link-step = step: found "{ $found }", expected one of { $names }
link-no-pair = found "{ $found }", expected name=value
link-encoding = "{ $name }": broken % encoding
link-twice = "{ $name }" is there twice
link-found = found "{ $found }", expected { $expected }
link-none-of = found "{ $found }", expected one of { $names }

## What may be dropped on the window
native-images = a folder of class folders with pictures, CIFAR's or MNIST's files, an archive (.tar.gz), a table (.csv)
native-dropped = a run's folder or one of its files, settings or a lesson (.toml), a recorded run (.seedling), a network (.onnx)
native-no-address = { $address }: only the page opens a run by its address

## What may be dropped on the page, and what it fetches
page-images = a zip file of class folders with pictures, of CIFAR's or MNIST's files, or of a table (.csv) with its pictures
page-dropped = a run downloaded from here or from the window (.zip), settings or a lesson (.toml), a recorded run (.seedling), a network (.onnx)
page-no-run = { $address }: found no run in it, expected a file that "Save a copy of the run" made
page-fetching = Fetching the images, file { $number } of { $count }: { $done } of { $total } MB
page-no-reason = the browser does not say why
web-usual-run = { $error }. The usual run begins instead.
web-new-run = The run of the link cannot be opened: { $why }. A new one begins instead.

## What happens in the background, and what can be done where it failed.
worker-undo-advice = Undo takes it back; then fewer changes, or confirmed ones, may do better. Play goes on.
worker-loading = Loading the images
worker-starting = Starting the engine
worker-opening = Opening the run
worker-opening-recorded = Opening the recorded run
worker-study-stopped = Stopped; every run is kept, and starting again resumes
worker-one-core = Computing on one core in this page, which takes longer: { $why }
worker-goes-on = Cancelled: { $stage } will go on after step { $step }
worker-begins-again = Cancelled: { $stage } will begin again
worker-not-kept = This run is no longer being kept: { $why }
worker-not-compared = Cancelled: no images were compared
worker-study-not-shown = A study cannot be shown: { $why }
worker-study-starting = starting the engine
failing-diverged = The last good state is kept. Lower the learning rate in the setup, or undo.
failing-device = Nothing is lost. Press Play to try again, or choose the Candle engine in the setup.
failing-cancelled = Nothing is lost. Press Play to continue.
failing-fault = What was done before is kept. Press Play to try again, or undo.
failing-engine = Choose another engine in the setup.
failing-field = Open the setup and change that field.
failing-images-of-the-page = Drop the zip file with the images on the page again, or choose the built-in images in the setup.
failing-images = Choose another folder, or the built-in images, in the setup.
failing-folder = Choose another folder.
failing-other = The last good state is kept. Undo, or start a new run.
