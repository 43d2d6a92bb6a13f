### The ending, the curves, the costs, races, figures, trials, and what stands in plots.

## The card at the end of a run.
ending-question = ¿Valió la pena?
ending-hide = Ocultar
ending-hide-hint = Quita esta tarjeta
ending-add-round = Añadir una ronda
ending-race = Carrera contra no crecer
ending-race-hint = Los mismos ajustes con y sin crecimiento, a igual coste, con varias semillas
ending-new-run = Nuevo experimento…

## Its table: the heads, and the networks.
ending-held-out = en imágenes reservadas
ending-accuracy = exactitud
ending-loss = pérdida
ending-parameters = parámetros
ending-seed = Red inicial, entrenada
ending-seed-hint = Tras el primer entrenamiento, antes de que creciera
ending-grown = Red crecida
ending-network = Red
ending-grown-hint = Al final
ending-raced = Sin crecer (carrera)
ending-raced-hint = La red inicial, entrenada al coste de la carrera
ending-twin = Gemela, sin crecer
ending-twin-hint = Una gemela de la red antes de su último crecimiento, entrenada después el mismo tiempo

## What it says: the cost, and what can honestly be said of the result.
ending-cost = Coste: { $training }FLOPs para entrenar, { $growing }FLOPs para crecer; { $time } en total.
ending-sure = Con { $images } imágenes reservadas, las diferencias menores de ±{ $points } puntos pueden deberse al azar.
ending-against = { $rival }: pérdida de { $without } sin crecimiento, de { $grown } con él.
ending-lost = Aquí dio mejor resultado no crecer.
ending-won = Crecer dio mejor resultado.
ending-no-growth = No creció.
ending-alone = Exactitud { $accuracy_before } → { $accuracy_after }, pérdida { $loss_before } → { $loss_after }. También se entrenó más tiempo: solo una carrera dice qué aportó el crecimiento.
ending-worse = La pérdida en las imágenes reservadas es mayor que antes de crecer: aprendió demasiado bien sus imágenes de entrenamiento, o sus elecciones, hechas con pocas imágenes, no se confirmaron.
ending-noise = La ganancia de exactitud está dentro del ruido.

## Loss and accuracy over training steps.
curves-empty = Aún no se ha entrenado nada.
curves-empty-next = Pulsa Reproducir y mira cómo baja la pérdida.
curves-kept = { $preset }, semilla { $seed } (experimento { $run })
curves-remove = Quitar
curves-remove-hint = No comparar más con este experimento
curves-loss = Pérdida: entropía cruzada media en nats, cuanto menor, mejor
curves-accuracy = Exactitud en imágenes reservadas, en porcentaje
curves-logarithmic = Pérdida logarítmica
curves-logarithmic-hint = Por potencias de diez: así las bajadas pequeñas y tardías de la pérdida se ven tan bien como las primeras
curves-smoothing = Suavizado
curves-smoothing-hint = Pasos de entrenamiento sobre los que se promedia la pérdida de un lote
curves-raw = sin suavizar
curves-over-steps = en { $steps } pasos

## In the plots: their names, axes, curves and marks.
curves-plot-loss = pérdida
curves-plot-accuracy = exactitud
curves-steps = pasos de entrenamiento
curves-point = paso { $step }: { $value }
curves-restarts = la tasa de aprendizaje se reinicia aquí
curves-ungrown = sigue entrenándose, sin crecer
curves-still-to-come = por venir
curves-batches = lotes de entrenamiento
curves-held-out = reservadas
curves-growth = crecimiento

## What the stages cost.
costs-empty = Aún no se ha calculado nada.
costs-empty-next = Pulsa Reproducir: se cuentan el tiempo y los cálculos de cada etapa.
costs-train = Entrenar
costs-learn = Aprender
costs-estimate = Estimar
costs-measure = Medir
costs-grow = Elegir y crecer
costs-total = { $time } de cálculo hasta ahora.
costs-stage = Etapa
costs-time = Tiempo
costs-to-grow = Para crecer
costs-to-show = Para mostrarlo
costs-share = Parte del tiempo
costs-rounds = La red, ronda a ronda
costs-parameters = Parámetros
costs-held-out-loss = Pérdida (reserv.)
costs-accuracy = Exactitud
costs-flop-per-image = FLOP por imagen
costs-seed = Red inicial
costs-round-trained = Ronda { $round }, entrenada
costs-round-grown = Ronda { $round }, crecida
costs-last-trained = Final, entrenada
costs-last-grown = Final, crecida

## Racing configurations at equal cost.
race-question = ¿Qué configuración da la mejor red con los mismos cálculos? Cada experimento puede gastar los mismos FLOPs en entrenar, aprender, estimar y medir.
race-ended = Cada experimento terminó con { $cost }FLOPs en total.
race-none = Aún no ha terminado ninguna carrera.
race-add = Añadir estos ajustes
race-add-hint = Cambia luego algo en ellos: otro estimador, otra familia, otro presupuesto o, con un archivo de ajustes, otro aprendiz
race-add-fixed = Añadir una red fija de este tamaño
race-add-fixed-hint = Una red tan grande como la de este experimento ahora, que nunca crece
race-no-fixed-hint = Solo las cadenas de convoluciones sin normalizaciones se pueden escribir como red fija
race-entrant-name = Nombre de la configuración { $number }
race-settings = Ajustes…
race-remove = Quitar
race-add-two = Añade dos o más e inicia la carrera.
race-limit = Limitar el coste
race-limit-hint = Si no, todos gastan lo que necesita el más caro según sus propios ajustes
race-limit-each = Lo que puede gastar cada experimento
race-start = Iniciar la carrera
race-resume = Reanudar la carrera
race-foreseen-hint = Si cada experimento tarda tanto como las rondas de este
race-no-entrants = Configuraciones: no hay ninguna, se esperaban dos o más
race-so-far = Hasta ahora
race-runs = experimentos
race-held-out-loss = pérdida, reservadas
race-accuracy = exactitud
race-fixed = { $preset }, no crece
race-grows = { $rounds ->
        [one] { $preset }, 1 ronda de { $families } con { $learner } ({ $estimator })
       *[other] { $preset }, { $rounds } rondas de { $families } con { $learner } ({ $estimator })
    }

## The paper's figures.
figures-name = Figura { $number }
figures-version = Nuestra versión de la figura { $number } del artículo: { $what }.
figures-network = la red, coloreada según lo que las estimaciones dicen de cada canal
figures-estimates = estimado frente a real, para cada familia y cada estimador
figures-learners = lo que ganan de verdad los cambios de cada aprendiz
figures-race = el crecimiento junto a redes fijas, a igual coste
figures-small = Tamaños pequeños
figures-small-hint = Minutos en dos núcleos; con ruido
figures-full = Tamaños completos
figures-full-hint = Hasta horas en dos núcleos
figures-make = Crear figura
figures-resume = Reanudar la figura
figures-not-made = La figura { $number } aún no se ha creado.

## What races and figures share: seeds, progress and runs.
studied-seeds = Semillas
studied-seeds-hint = Cada una repite la carrera con otras elecciones al azar; las barras muestran la dispersión
studied-no-seed = Semillas: se encontró «{ $found }», se esperaban números como 1, 2, 3
studied-busy = El experimento está en marcha: ponlo antes en pausa.
studied-cancel-hint = Cancelar lo detiene, y también Esc, que pregunta antes; cada experimento se conserva
studied-runs = Experimentos: { $done } de { $all } terminados
studied-open-hint = Abre este experimento aquí; un estudio en marcha se detiene y se puede reanudar más tarde
studied-missing-hint = Aún no hay nada que abrir
studied-missing = sin empezar
studied-begun = empezado
studied-grown = crecido
studied-done = terminado
studied-all-grown = todos los experimentos han crecido; cada uno termina con { $cost }FLOPs en total
studied-measuring = { $run }: medición, { $number } de { $all }
studied-growing = { $run }: crecimiento, { $number } de { $all }
studied-training = { $run }: último entrenamiento, { $number } de { $all }
studied-time-left = { $said }, quedan { $time }

## The trials of a search.
trials-none = Aún no se ha probado ninguna red.
trials-none-next = Aún no se ha probado ninguna red: primero se entrena la red inicial.
trials-now = Ensayo { $trial }: { $why }
trials-best = El ensayo { $trial } es el mejor hasta ahora.
trials-trial = Ensayo
trials-changes = Cambios
trials-loss = Pérdida
trials-loss-hint = En las imágenes de validación, tras el entrenamiento corto
trials-predicted = Predicho
trials-predicted-hint = Lo que se creía que ganarían juntos los cambios
trials-at-once = Enseguida
trials-at-once-hint = Lo que ganaron antes de todo entrenamiento
trials-in-the-end = Al final
trials-in-the-end-hint = Frente al padre entrenado después el mismo tiempo, donde se probó
trials-parameters = Parámetros
trials-parameters-hint = Cuántos más que la red inicial
trials-diverged = divergió
trials-the-seed = la red inicial
trials-trained-on = { $parent }, entrenado más

## Whom the strategies are after.
trials-after-rounds = rondas de crecimiento
trials-after-random = búsqueda aleatoria
trials-after-hill-climbing = según NASH (Elsken, Metzen, Hutter, 2017), nuestra reconstrucción
trials-after-evolution = según la evolución regularizada (Real y otros, 2018), nuestra reconstrucción
trials-after-pareto = según LEMONADE (Elsken, Metzen, Hutter, 2018) y NSGA-II (Deb y otros, 2002), nuestra reconstrucción
trials-after-autogrow = según AutoGrow (Wen y otros, 2019), nuestra reconstrucción
trials-after-ev3 = según EV3 (arXiv 2310.18893, 2023), nuestra reconstrucción

## One change along its scale.
along-part = parte del cambio que se hace
along-truth = realidad
along-tangent = tangente
along-mark = marca
along-plot = ganancias a lo largo del cambio
along-mark-at = Marca en
along-mark-slider = Marca

## Plots and their scales.
plots-nothing = No hay nada que trazar antes de medir ganancias.
plots-plot = Gráfico: { $name }
stretch-even = escala uniforme
stretch-bent = escala estirada: uniforme hasta ±{ $knee }, luego por potencias de diez
