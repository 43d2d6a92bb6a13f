### The setup of a run: the dialog, its fields, the classes of its images, and data sets that are fetched for it.

## The dialog
setup-new-run = Nuevo experimento
setup-new-run-about = Los valores por defecto son un buen comienzo: tres minutos en dos núcleos; menos clases tardan menos. Señala un nombre para ver por qué.
setup-begin = Empezar
setup-entrant = Ajustes de una configuración
setup-entrant-about = Cambia una sola cosa, para que la carrera diga cuánto vale. La semilla viene de la carrera.
setup-keep = Conservar
setup-all = Todos
setup-all-hint = Todos los ajustes
setup-basic = Básicos
setup-basic-hint = Lo que la mayoría elige
setup-cancel = Cancelar
setup-defaults = Por defecto
setup-load = Cargar ajustes…
setup-save = Guardar ajustes…
setup-more = Más

## Its fields
setup-engine = Motor
setup-engine-hint = Auto toma el que resulta más rápido en una breve medición
setup-engine-auto = Auto
setup-engine-candle = Candle (procesador)
setup-without = todos
setup-built-in-about = Integradas: 2.000 y 1.000 imágenes de CIFAR-10
setup-built-in = Integradas
setup-folder = Carpeta…
setup-folder-hint = O suéltala aquí
setup-network = Red…
setup-network-hint = O suéltala aquí
setup-no-network = Ninguna
fields-limit = limitar
fields-layers-hint = O capas propias: los canales de cada convolución, M y A para los poolings, como en 8-8-M-16
fields-cost = { $count ->
    [one] 1 convolución, { $parameters } parámetros, { $flops }FLOP por imagen
   *[other] { $count } convoluciones, { $parameters } parámetros, { $flops }FLOP por imagen
    }
classes-class = Clase { $name }

## What was taken, and what is wrong
setup-taken-images = Tomadas como imágenes: { $set }, { $count } clases ({ $names })
setup-taken-network = Tomada como red inicial: { $name }, { $about }
setup-found = encontrado: { $found }, esperado: { $expected }
classes-unknown = encontrado: «{ $found }», esperado: algunas de { $names }
classes-one = encontrado: una clase, esperado: al menos dos

## What a setting may be
allowed-whole-from = un número entero desde { $least }
allowed-whole = un número entero de { $least } a { $most }
allowed-limit = { $range }, o { $none }
allowed-positive = un número mayor que 0
allowed-not-negative = un número de al menos 0
allowed-share = un número de 0 a menos de 1
allowed-flag = true o false
allowed-choice = uno de { $names }
allowed-families = algunas de { $names }
allowed-preset = { $names }, o capas como 8-8-M-16
allowed-network = la carpeta de un experimento, un archivo .safetensors u .onnx, o { $none }
allowed-images = una carpeta, un archivo comprimido o una tabla, o { $none }
allowed-classes = nombres o números como cat,dog o 3,5, o { $none } para todas
allowed-layers = convoluciones como conv1,conv3, o { $none } para todas

## A data set being fetched
fetch-no-thread = el sistema no da ningún hilo para la descarga
fetch-way-on = Sin conexión: trae { $archive } de otro sitio y suéltalo en la ventana; las imágenes integradas siempre están ahí
