### Words in pictures: what charts, the drawn network, races and figures say of themselves, on the screen and in files.

## Gains: the cloud, the candidates, what was foreseen together
pictures-cloud = Ronda { $round }: ganancias estimadas por { $estimator } y ganancias reales
pictures-cloud-end = Ronda { $round }: ganancias estimadas por { $estimator } y ganancias al final
pictures-agreement = { $family }: n { $n }, r { $r }, pendiente { $slope }
pictures-family-chosen = { $family }, elegido
pictures-layer-colours = Colores: las capas, de la primera, oscura, a la última, clara. Sobre la línea, la estimación acierta.
pictures-candidates = Ronda { $round }: los candidatos
pictures-some-candidates = { $all } candidatos, { $chosen } elegidos; aquí están las { $best } mejores estimaciones y todos los elegidos. Estimado por { $estimator }.
pictures-all-candidates = { $all } candidatos, { $chosen } elegidos; todos están aquí. Estimado por { $estimator }.
pictures-gain-and-dash = Ganancia: cuánto baja la pérdida media. Una raya: no medido.
pictures-gain-held-out = ganancia en las imágenes reservadas
pictures-gain-validation = ganancia en las imágenes de validación
pictures-estimated = estimado
pictures-actual = real
pictures-at-once = enseguida
pictures-in-the-end = al final
pictures-promises = Ganancias estimadas de los cambios hechos, y resultado real
pictures-promises-note = Ganancia: cuánto baja la pérdida media. Los cambios hechos juntos reparan los mismos errores: la suma de sus ganancias por separado es demasiado grande.
pictures-on-validation = Imágenes de validación: por ellas se elige
pictures-on-held-out = Imágenes reservadas: solo para informar
pictures-summed = suma por separado
pictures-right-on-the-line = Sobre la línea, la estimación acierta.

## Curves
pictures-curves = Pérdida y exactitud a lo largo de los pasos de entrenamiento
pictures-loss-lower = Pérdida: más baja es mejor
pictures-accuracy-higher = Exactitud: más alta es mejor
pictures-cross-entropy = entropía cruzada media
pictures-held-out = imágenes reservadas
pictures-held-out-of = reservadas: { $name }

## The network and its history
pictures-network = La red
pictures-network-note = Una celda por canal; su color es el lugar de la capa en la red. Lo que hizo el crecimiento está marcado, lo que quitó queda en contorno; de un canal dividido, el segundo hijo es el nuevo.
pictures-not-grown = Aún no ha crecido.
pictures-seed = La red inicial
pictures-found = Lo que encontró la búsqueda
pictures-after-round = Tras la ronda { $round }
pictures-size = { $parameters } parámetros, pérdida en las reservadas { $loss }, exactitud { $accuracy }
pictures-made =
    { $changes ->
        [0] ningún cambio hecho
        [one] 1 cambio hecho
       *[other] { $changes } cambios hechos
    }
pictures-kernels = núcleos { $side }×{ $side }
pictures-max-pool = pooling máx.
pictures-mean-pool = pooling medio
pictures-mean-of-all = media de todo
pictures-a-channel = un canal
pictures-new = nuevo
pictures-gone = quitado
pictures-image = imagen
pictures-classes = { $classes } clases
pictures-seed-untrained = { $run }: la red inicial, aún sin entrenar
pictures-trained = { $run }: entrenada, fase { $phase }
pictures-grown = { $run }: crecida en la ronda { $round }

## Why something is not drawn
pictures-none-measured = aún no hay ganancias medidas
pictures-none-estimated = aún no hay ganancias estimadas
pictures-none-scored = aún no hay nada evaluado ni entrenado
pictures-none-chosen = aún no hay cambios elegidos

## Searches
pictures-by-cost = Ensayos por coste
pictures-by-size = Ensayos por tamaño
pictures-cost-so-far = coste hasta ahora
pictures-validation-loss = pérdida de validación
pictures-trials-note = { $trials } ensayos tras la red inicial; las líneas llevan de padres a hijos, las barras son errores estándar.
pictures-copies-note = Una copia es su padre, entrenado otro tanto sin cambios: con ella se comparan las ganancias donde existe.
pictures-parent-to-child = de padre a hijo
pictures-copy = copia
pictures-changed = cambiado
pictures-the-seed = inicial
pictures-goes-on = continúa
pictures-believed = Lo que se creía, y el resultado real
pictures-predicted-gain = ganancia prevista

## Races
pictures-race = Experimentos a igual coste
pictures-one-seed = Una semilla. La red sin entrenar, que no ha costado nada, está a la izquierda del corte.
pictures-seeds = Media de hasta { $seeds } semillas con su intervalo del 95 %. La red sin entrenar, que no ha costado nada, está a la izquierda del corte.
pictures-most-accurate = Las { $drawn } más exactas de { $all } configuraciones.
pictures-size-title = Tamaño
pictures-held-out-loss = pérdida en las reservadas
pictures-held-out-accuracy = exactitud en las reservadas
pictures-cost-of-run = coste total del experimento
pictures-column-seeds = semillas
pictures-column-accuracy = exactitud, reservadas
pictures-column-flops = FLOPs por imagen
pictures-column-total = FLOPs en total

## What axes are named after
pictures-gain = ganancia
pictures-axis-round = ronda
pictures-axis-channel = canal
pictures-axis-layer = capa
pictures-total-cost = coste total
pictures-learning-cost = coste del aprendizaje
pictures-column-estimator = estimador
pictures-column-family = familia
pictures-by-estimator = por { $estimator }
pictures-column-mean-gain = ganancia media
pictures-column-of-direct = de la de direct
pictures-against = contra { $first }
pictures-seeds-in-both = semillas en ambos
pictures-no-seed-in-both = ninguna semilla en ambos
pictures-accuracy-points = exactitud, puntos
pictures-interval = { $mean } ({ $low } a { $high })
pictures-thousands = miles
pictures-millions = millones

## The paper's figures
pictures-figure-network = Figura 2: lo que dicen las estimaciones de cada canal
pictures-figure-estimates = Figura 3: ganancias estimadas y reales
pictures-figure-estimates-note = Una marca por candidato; sobre la línea discontinua, la estimación acierta.
pictures-figure-agreement = r = { $r }, pendiente = { $slope }, n = { $n }
pictures-figure-learners = Figura 4: ganancias reales de lo que hace cada aprendiz
pictures-figure-learners-note = Barras: un grupo por candidato, primero el que más gana con direct. Puntos: medias de los candidatos con sus intervalos del 95 %; un aprendiz que no cuesta nada está a la izquierda del corte.
pictures-figure-splits = divisiones de conv1
pictures-figure-widening = un canal nuevo
pictures-figure-each = { $part }: cada candidato
pictures-figure-mean = { $part }: media
pictures-figure-growth = Figura 5: crecimiento y redes fijas
pictures-figure-growth-note = { $with }. Medias sobre las semillas; a la izquierda con sus intervalos del 95 % (t de Student).
pictures-figure-by-size = Exactitud y tamaño
pictures-figure-by-cost = Exactitud y coste
pictures-figure-sizes = { $network }, { $train } imágenes de entrenamiento, { $epochs } épocas por ronda, φ en { $steps } pasos de { $batch }, { $held } reservadas
pictures-all-images = todas
pictures-figure-seed = { $sizes }, semilla { $seed }
pictures-figure-seeds = { $sizes }, { $rounds } rondas, { $seeds } semillas
pictures-split-scale = mitades izquierdas: ganancia de una división
pictures-prune-scale = mitades derechas: coste de quitar
pictures-scale-none = ninguna
pictures-scale-most = lo más
pictures-scale-least = lo menos
pictures-cell =
    Canal { $channel } de { $layer }
    dividir gana el { $split } % del máximo
    quitar cuesta menos que en el { $prune } % de los canales
