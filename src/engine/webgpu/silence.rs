//! What libraries print by themselves.

/// Has the Wayland library keep its complaints to itself where there is no Wayland session. While adapters are listed,
/// Mesa's drivers ask it whether one is there, and on a machine without a screen it answers on standard error, in a form
/// like our own: "error: XDG_RUNTIME_DIR is invalid or not set in the environment." It changes the whole process, so a
/// program calls it once at its start.
pub fn silence_wayland() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if ["WAYLAND_DISPLAY", "WAYLAND_SOCKET"].iter().all(|name| std::env::var_os(name).is_none()) {
        linux::silence();
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod linux {
    use std::ffi::{c_char, c_void};

    type Handler = extern "C" fn(*const c_char, *mut c_void);

    /// Takes a message, a format with its arguments, and drops it.
    extern "C" fn ignore(_format: *const c_char, _arguments: *mut c_void) {}

    pub fn silence() {
        // SAFETY: the library stays loaded, as its drivers would load it anyway. The function has had this signature since
        // its first version, and the handler reads none of its arguments, however they are passed.
        unsafe {
            let library = libc::dlopen(c"libwayland-client.so.0".as_ptr(), libc::RTLD_LAZY);
            if library.is_null() {
                return;
            }
            let function = libc::dlsym(library, c"wl_log_set_handler_client".as_ptr());
            if !function.is_null() {
                let set_handler: extern "C" fn(Handler) = std::mem::transmute(function);
                set_handler(ignore);
            }
        }
    }
}
