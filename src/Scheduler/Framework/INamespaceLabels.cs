namespace MiniKube.Scheduler.Framework;

/// <summary>The labels of namespaces: terms of pod affinity may choose by them.</summary>
internal interface INamespaceLabels
{
    /// <summary>Null for a namespace that is not there.</summary>
    IDictionary<string, string>? Of(string @namespace);
}
