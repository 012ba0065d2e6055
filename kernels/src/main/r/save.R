# Saves what an R session holds to the file @PATH@ and prints what became of each name as one line of JSON.
# The default for kernelspecs of R (docs/build/languages.md), with base R and jsonlite, which IRkernel brings. It is run without
# history but not silently: IRkernel 1.3.2 answers a silent request with "ok" whatever happens, and hands on nothing that it prints.
# Where the gateway is elsewhere, @URL@ is not empty: the file is put there with the token @TOKEN@.
local({
  path <- "@PATH@"
  user <- globalenv()

  # Walks over an object as serialize() does, to nowhere, and tells whether it holds a pointer into this process.
  holds_pointer <- function(value) {
    # Definitions of classes hold pointers that R renews; of an object with fields, those count.
    if (inherits(value, c("classRepresentation", "refObjectGenerator", "data.table"))) return(FALSE)
    if (inherits(value, "envRefClass")) {
      fields <- names(value$getRefClass()$fields())
      return(any(vapply(fields, function(field) holds_pointer(value[[field]]), NA)))
    }
    found <- FALSE
    nowhere <- file("/dev/null", "wb")
    on.exit(close(nowhere))
    serialize(value, nowhere, refhook = function(reference) {
      if (typeof(reference) == "externalptr") found <<- TRUE
      NULL
    })
    found
  }

  entry <- function(name, value, reason) list(name = name, type = class(value)[[1]], reason = reason, cell = NULL)

  kept <- character(); partial <- list(); lost <- list(); active <- list()
  for (name in ls(user, all.names = TRUE, sorted = FALSE)) {
    if (bindingIsActive(as.name(name), user)) {
      if (exists("activeBindingFunction", baseenv())) {
        active[[name]] <- activeBindingFunction(as.name(name), user)
        kept <- c(kept, name)
      } else {
        lost[[length(lost) + 1]] <- list(name = name, type = "active binding", reason = "this R does not give its function", cell = NULL)
      }
      next
    }
    trouble <- tryCatch({ force(value <- get(name, user)); NULL }, error = conditionMessage)  # of a promise
    if (!is.null(trouble)) {
      lost[[length(lost) + 1]] <- list(name = name, type = "promise", reason = trouble, cell = NULL)
    } else if (inherits(value, "connection")) {
      lost[[length(lost) + 1]] <- entry(name, value, "a connection does not outlive its process")
    } else if (typeof(value) == "externalptr") {
      lost[[length(lost) + 1]] <- entry(name, value, "a pointer into the memory of its process")
    } else {
      pointer <- tryCatch(holds_pointer(value), error = function(trouble) trouble)
      if (inherits(pointer, "error")) {
        lost[[length(lost) + 1]] <- entry(name, value, conditionMessage(pointer))
      } else {
        kept <- c(kept, name)
        if (pointer) {
          partial[[length(partial) + 1]] <- entry(name, value, "holds a pointer into the memory of its process, which is nil by now")
        }
      }
    }
  }

  plain <- Filter(function(value) is.atomic(value) && !is.null(value), options())
  session <- list(
    format = "elastic-snapshot-r/1",
    packages = rev(sub("^package:", "", grep("^package:", search(), value = TRUE))),
    libraries = .libPaths(), directory = getwd(), options = plain, lost = lost, partial = partial
  )
  variables <- setdiff(kept, names(active))
  before <- Sys.umask("077")
  on.exit(Sys.umask(before))
  working <- paste0(path, ".tmp")
  target <- file(working, "wb")
  tryCatch({
    # Within one stream, environments that variables share stay shared.
    serialize(session, target)
    serialize(list(variables = mget(variables, envir = user), active = active), target)
  }, finally = close(target))
  if (!file.rename(working, path)) stop("cannot rename ", working)
  bytes <- file.size(path)
  url <- "@URL@"
  if (nzchar(url)) {
    # Base R can get, but has nothing that puts.
    parts <- regmatches(url, regexec("^http://([^/:]+):?([0-9]*)(/.*)$", url))[[1]]
    if (length(parts) == 0) stop("not an address that R can put to: ", url)
    port <- if (nzchar(parts[[3]])) as.integer(parts[[3]]) else 80L
    server <- socketConnection(parts[[2]], port, open = "r+b", blocking = TRUE, timeout = 600)
    tryCatch({
      head <- paste0(
        "PUT ", parts[[4]], " HTTP/1.1\r\nHost: ", parts[[2]], ":", port, "\r\nAuthorization: Bearer @TOKEN@\r\n",
        "Content-Length: ", format(bytes, scientific = FALSE), "\r\nConnection: close\r\n\r\n"
      )
      writeBin(charToRaw(head), server)
      sent <- file(path, "rb")
      tryCatch({
        while (length(piece <- readBin(sent, "raw", 1048576L)) > 0) writeBin(piece, server)
      }, finally = close(sent))
      answer <- readLines(server, warn = FALSE)
      if (!length(answer) || !grepl("^HTTP/1[.]1 2", answer[[1]])) {
        stop("the gateway did not take it: ", if (length(answer)) answer[[length(answer)]] else "no answer")
      }
    }, finally = { close(server); unlink(path) })
  }
  told <- vapply(partial, function(each) each$name, "")
  report <- list(kept = I(setdiff(kept, told)), rebuilt = list(), partial = partial, lost = lost, bytes = bytes)
  cat(jsonlite::toJSON(list(status = "saved", report = report), auto_unbox = TRUE, null = "null"), "\n", sep = "")
  invisible(NULL)
})
