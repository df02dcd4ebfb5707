using k8s.Models;

namespace MiniKube.Api.Errors;

/// <summary>The only exception that a client sees: it carries the Status object to answer with.</summary>
public sealed class StatusException(V1Status status) : Exception(status.Message)
{
    public V1Status Status { get; } = status;
}
