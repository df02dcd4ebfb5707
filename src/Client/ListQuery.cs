namespace MiniKube.Client;

/// <summary>What to list or watch. An empty namespace is all of them.</summary>
/// <param name="Namespace">Empty for all namespaces, and for cluster-scoped kinds.</param>
/// <param name="LabelSelector">Such as <c>app=web,tier!=db</c>.</param>
/// <param name="FieldSelector">Such as <c>spec.nodeName=node1</c>.</param>
/// <param name="ResourceVersion">The version a watch starts after, or that a list is not older than. Empty lists the newest.</param>
/// <param name="Limit">The size of a page; 0 is everything.</param>
/// <param name="Continue">The token of the page before.</param>
/// <param name="TimeoutSeconds">How long the server keeps a watch open; 0 leaves it to the server.</param>
public sealed record ListQuery(
    string Namespace = "",
    string LabelSelector = "",
    string FieldSelector = "",
    string ResourceVersion = "",
    int Limit = 0,
    string Continue = "",
    int TimeoutSeconds = 0);
