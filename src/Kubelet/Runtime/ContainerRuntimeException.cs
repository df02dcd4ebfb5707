namespace MiniKube.Kubelet.Runtime;

/// <summary>The runtime refused or could not be reached; the message is the runtime's own.</summary>
internal sealed class ContainerRuntimeException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What was asked for is not there.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>The name is taken, or someone else is doing the same.</summary>
    public bool IsConflict { get; init; }
}
