### Lo que escriben las órdenes: el informe de un experimento y de una búsqueda, el avance, cómo seguir.

## La cabecera
report-engine = Seedling { $version }, motor { $engine }, semilla { $seed }
report-images = Imágenes
report-images-of = { $name } ({ $source }), { $classes } clases: { $train } para entrenar, { $validation } para validar, { $held } reservadas para informar
report-with-weights = de { $file }, con sus pesos
report-of-layers = con las capas de { $file }
report-plan = Plan
report-plan-rounds =
    { $rounds ->
        [one] 1 ronda de crecimiento
       *[other] { $rounds } rondas de crecimiento
    }
report-plan-search = una búsqueda ({ $after })
report-plan-from = { $plan } desde la red inicial { $seed }, cambios por { $families }
report-note = Nota
report-warning = Aviso: { $warning }

## Una ronda
report-round = Ronda { $round } de { $rounds }
report-trained = entrenada
report-grown = crecida
report-not-trained = La red crecida aún no se ha entrenado: el próximo entrenamiento parte de ahí.
report-imitated = La red crecida solo ha imitado a su red madre, durante { $steps } pasos: el próximo entrenamiento parte de ahí.
report-prevent = Menos cambios por ronda, o confirm = true, lo evitan.
report-result = Resultado
report-seed-trained = inicial, entrenada
report-untrained = sin entrenar
report-final = final
report-computing = { $time } de cálculo.
report-change = cambio
report-loss-held-out = pérdida, reservadas
report-loss-training = pérdida, entrenamiento
report-accuracy-training = exactitud, entrenamiento
report-parameters = parámetros
report-flops = FLOPs por imagen
report-points = { $points } pt
report-about-loss = entropía cruzada en nats: menos es mejor
report-about-accuracy = imágenes bien reconocidas
report-about-parameters = números que ajusta el entrenamiento
report-about-flops = cálculos de una pasada hacia delante
report-about-training = lo mismo en las imágenes de entrenamiento

## Sus candidatos
report-candidates = Candidatos: { $all ->
    [one] 1 cambio considerado
   *[other] { $all } cambios considerados
    }, { $made } hechos.
report-about-gain = La ganancia es cuánto baja la pérdida en las imágenes reservadas: estimada con la fórmula «{ $estimator }», real haciendo el cambio y mirando. El paso dice hasta dónde ir en la dirección aprendida.
report-scale = paso
report-alone = solo
report-beyond-training = más allá del entrenamiento
report-made = hechos
report-none-made = ninguno valía su coste
report-best = mejores estimaciones
report-worst = peores estimaciones
report-own-step = Más allá del entrenamiento: un paso más de los pesos existentes ganaría { $gain } sin coste, según la pérdida linealizada en las imágenes de validación. Lo que un cambio gana junto a ese paso es crecimiento; solo, una parte puede ser entrenamiento.
report-added = Los cambios hechos le añaden { $gain }.
report-no-length = Probados juntos, con ninguna longitud los cambios bajan la pérdida: la red queda como está.
report-together = Juntos: los { $made } cambios reparan los mismos errores, por eso sus ganancias por separado no se suman. La estimación conjunta los prevé todos a la vez, cada uno hecho solo hasta donde los demás le dejan trabajo.
report-validation = validación
report-held-out = reservadas
report-joint = estimación conjunta
report-came = obtenido
report-factor = Hechos a { $factor } de las longitudes elegidas: la mejor de las probadas.
report-agreement = Acuerdo de las ganancias estimadas y reales, en todos los candidatos de una familia; 1 es perfecto. Pearson: ¿están en una recta? Spearman: ¿están en el mismo orden? Pendiente: real por estimada.
report-slope = pendiente
report-not-all = no todos
report-measured = medidos

## Al final
report-in-the-end = Al final: { $followed ->
    [one] 1 cambio seguido
   *[other] { $followed } cambios seguidos
    } durante el próximo entrenamiento, cada uno solo en una gemela de la red. La ganancia al final es cuánto queda su pérdida en las imágenes reservadas por debajo de { $loss }, la de una gemela sin cambios.
report-all-made = todos los cambios hechos
report-own-score = la nota del aprendiz
report-gain-at-once = la ganancia inmediata
report-again = el final en otro orden
report-foreseen = Spearman con el final: { $ranks }.

## Lo que costó
report-work = trabajo
report-seconds = segundos
report-to-show = para mostrar
report-train = ajustar los pesos, puntuar el resultado
report-learn = hallar la mejor forma de cada candidato, todos a la vez
report-estimate = elegir pasos, predecir cada ganancia con cada fórmula
report-measure = hacer los cambios uno a uno para ver las ganancias reales
report-choose = probar juntos los más prometedores
report-grow = reescribir la red, puntuarla
report-about-flop = Los FLOPs son lo que necesita el método; lo que solo muestra cómo funciona se cuenta aparte.
report-files = Todos los números están en { $folder } (run.json, { $table }).

## Una búsqueda
report-trial = ensayo { $trial }
report-seed-trial = la red inicial, entrenada
report-copy-trial = ensayo { $parent } entrenado más
report-changed-trial = { $changes } del ensayo { $parent }
report-trial-loss = pérdida { $loss }
report-trial-predicted = predicho { $gain } ± { $error }, inmediato { $immediate }
report-trial-gained = ganado { $gain }
report-trial-best = el mejor hasta ahora
report-search = Búsqueda: { $after }
report-search-cost = { $trials } ensayos tras la red inicial en { $time }, { $cost }FLOP del método; su propio pensar tomó { $thinking }FLOP y { $thought }.
report-goes-on = El ensayo { $trial } sigue. Se intentó porque: { $why }
report-trial-column = ensayo
report-parent = padre
report-loss = pérdida
report-predicted = predicho
report-about-trials = Pérdidas y ganancias valen en las imágenes de validación; nada se decide por las reservadas, que se puntúan en los ensayos que fueron los mejores. Al final es tras el corto entrenamiento, frente al padre entrenado el mismo tiempo, donde se probó.
report-beliefs = Lo que se creía: { $count ->
    [one] 1 predicción
   *[other] { $count } predicciones
    }; Spearman { $once } con la ganancia inmediata, { $end } con la ganancia al final; { $within } de las ganancias inmediatas quedaron a menos de dos errores estándar de la predicción.
report-not-learned = Predicho es lo que los cambios ganarían si se aprendieran, lo que aquí no ocurre: de inmediato solo lo que quita algo, o se sortea, cambia lo que la red calcula.

## El avance
report-search-stage = búsqueda, { $stage }
report-final-stage = al final, { $stage }
report-round-stage = ronda { $round } de { $rounds }, { $stage }
report-done-in = hecho en { $time }
report-notice = nota: { $text }
report-warned = aviso: { $text }

## Seguir
report-finished = El experimento en { $folder } está terminado; nada se cambió. Para que crezca más, indica más --rounds.
report-at-learning = en la ronda { $round }, paso de aprendizaje { $step } de { $steps }
report-before-stage = antes de la etapa { $stage } de la ronda { $round }
report-at-training = en la ronda { $round }, paso de entrenamiento { $step } de { $steps }
report-saved = todo está guardado
report-saved-before = todo lo anterior está guardado, y la etapa { $stage } empieza de nuevo
report-stopped = Detenido { $place }; { $saved }. Para seguir: seedling grow --resume { $folder }
report-stopped-unsaved = Detenido { $place }; nada se guardó. Con --out CARPETA un experimento puede reanudarse más tarde: --resume CARPETA.

## Una comparación
report-compared = { $configurations } configuraciones, { $seeds ->
    [one] 1 semilla
   *[other] { $seeds } semillas
    } cada una, cada experimento a un coste total de { $cost }FLOPs (entrenar, aprender, estimar, medir, elegir y puntuar, todo contado); el último entrenamiento de cada uno toma lo que el resto dejó.
report-compared-files = Todos los números están en { $folder } (summary.csv, curves.csv).
