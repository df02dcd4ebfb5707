namespace MiniKube.ApiServer.Registry;

/// <summary>Where a kind keeps what its scale subresource shows, as dotted paths such as <c>spec.replicas</c>.</summary>
/// <param name="SpecReplicas">The wanted number.</param>
/// <param name="StatusReplicas">The number that is there.</param>
/// <param name="Selector">A label selector (object or string) of the pods; null when the kind has none.</param>
public sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string? Selector);
