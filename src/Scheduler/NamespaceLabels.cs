using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client.Informers;
using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler;

/// <summary>The labels of namespaces, from the informer.</summary>
internal sealed class NamespaceLabels(IInformerFactory informers) : INamespaceLabels
{
    private readonly ILister<V1Namespace> _namespaces = informers.Get<V1Namespace>();

    public IDictionary<string, string>? Of(string @namespace) =>
        _namespaces.TryGet(new NamespacedName("", @namespace), out var found) ? found.Metadata?.Labels ?? new Dictionary<string, string>() : null;
}
