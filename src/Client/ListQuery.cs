namespace MiniKube.Client;

/// <summary>What to list or watch. An empty namespace is all of them.</summary>
public sealed record ListQuery(
    string Namespace = "",
    string LabelSelector = "",
    string FieldSelector = "",
    string ResourceVersion = "",
    int Limit = 0,
    string Continue = "");
