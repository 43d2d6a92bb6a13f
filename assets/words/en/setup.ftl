### The setup of a run: the dialog, its fields, the classes of its images, and data sets that are fetched for it.

## The dialog
setup-new-run = New run
setup-new-run-about = The defaults are a good start: three minutes on two cores; fewer classes take less. Point at a name to see why.
setup-begin = Begin
setup-entrant = Settings of a configuration
setup-entrant-about = Change one thing, so that the race tells what it is worth. The seed comes from the race.
setup-keep = Keep
setup-all = All
setup-all-hint = Every setting
setup-basic = Basic
setup-basic-hint = What most people choose
setup-cancel = Cancel
setup-defaults = Defaults
setup-load = Load settings…
setup-save = Save settings…
setup-more = More

## Its fields
setup-engine = Engine
setup-engine-hint = Auto takes what a short measurement finds faster
setup-engine-auto = Auto
setup-engine-candle = Candle (processor)
setup-without = all
setup-built-in-about = Built in: 2,000 and 1,000 images of CIFAR-10
setup-built-in = Built in
setup-folder = Folder…
setup-folder-hint = Or drop it here
setup-network = Network…
setup-network-hint = Or drop it here
setup-no-network = None
fields-limit = limit
fields-layers-hint = Or layers of your own: channels of each convolution, M and A for pools, as in 8-8-M-16
fields-cost = { $count ->
    [one] 1 convolution, { $parameters } parameters, { $flops }FLOP per image
   *[other] { $count } convolutions, { $parameters } parameters, { $flops }FLOP per image
    }
classes-class = Class { $name }

## What was taken, and what is wrong
setup-taken-images = Taken as images: { $set }, { $count } classes ({ $names })
setup-taken-network = Taken as the seed network: { $name }, { $about }
setup-found = found { $found }, expected { $expected }
classes-unknown = found "{ $found }", expected some of { $names }
classes-one = found one class, expected at least two

## What a setting may be
allowed-whole-from = a whole number from { $least }
allowed-whole = a whole number from { $least } to { $most }
allowed-limit = { $range }, or { $none }
allowed-positive = a number above 0
allowed-not-negative = a number of at least 0
allowed-share = a number from 0 to below 1
allowed-flag = true or false
allowed-choice = one of { $names }
allowed-families = some of { $names }
allowed-preset = { $names }, or layers such as 8-8-M-16
allowed-network = a run's folder, a .safetensors or an .onnx file, or { $none }
allowed-images = a folder, archive or table, or { $none }
allowed-classes = names or numbers such as cat,dog or 3,5, or { $none } for all
allowed-layers = convolutions such as conv1,conv3, or { $none } for all

## A data set being fetched
fetch-no-thread = the system gives no thread to fetch with
fetch-way-on = Without a connection: bring { $archive } here from elsewhere and drop it on the window; the built-in images are always there
