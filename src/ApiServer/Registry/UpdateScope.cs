namespace MiniKube.ApiServer.Registry;

/// <summary>Which part of an object an update may change.</summary>
internal enum UpdateScope
{
    /// <summary>Everything but the status, where that is a subresource of its own.</summary>
    Main,

    /// <summary>Status and metadata.</summary>
    Status,

    /// <summary>One part of the spec, checked by the subresource that it belongs to.</summary>
    Part,

    /// <summary>Whatever the server's own code changed (binding, finalize): not checked again.</summary>
    Internal,
}
