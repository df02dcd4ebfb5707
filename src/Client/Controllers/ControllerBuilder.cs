using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client.Informers;
using MiniKube.Client.WorkQueues;

namespace MiniKube.Client.Controllers;

/// <summary>Says what a controller watches, and which keys each change concerns.</summary>
public sealed class ControllerBuilder : IDisposable
{
    private readonly IInformerFactory _informers;
    private readonly WorkQueue<NamespacedName> _queue;
    private readonly List<Func<CancellationToken, Task>> _syncs = [];
    private readonly List<IDisposable> _registrations = [];
    private readonly List<Func<CancellationToken, Task>> _loops = [];
    private GroupVersionKind _owner;

    internal ControllerBuilder(IInformerFactory informers, WorkQueue<NamespacedName> queue)
    {
        _informers = informers;
        _queue = queue;
    }

    /// <summary>The kind that is reconciled: a change of an object is its own key.</summary>
    public ControllerBuilder For<T>()
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _owner = ObjectExtensions.KindOf(typeof(T));
        return Watches<T>(change => (change.New ?? change.Old) is { } obj ? [obj.Key()] : []);
    }

    /// <summary>A kind whose objects are managed by the reconciled kind: a change is its owner's key, and when it changed hands, both owners'.</summary>
    public ControllerBuilder Owns<T>(Expectations? expectations = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Watches<T>(change =>
        {
            expectations?.Observe(change, OwnerOf);
            return Owners(change.Old, change.New).Distinct();
        });

    /// <summary>Any kind, with the keys that a change concerns. The map is called in the order of changes and must not block.</summary>
    public ControllerBuilder Watches<T>(Func<ObjectChange<T>, IEnumerable<NamespacedName>> map)
        where T : class, IKubernetesObject<V1ObjectMeta> => Reads<T>(change =>
        {
            foreach (var key in map(change))
            {
                _queue.Add(key);
            }
        });

    /// <summary>A kind that is only read: the controller starts once it is known.</summary>
    public ControllerBuilder Reads<T>()
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _syncs.Add(_informers.Get<T>().WaitForSyncAsync);
        return this;
    }

    /// <summary>A source of keys that is no informer of a kind: it runs beside the workers until cancelled.</summary>
    /// <param name="loop">Adds keys by the function it is given.</param>
    /// <param name="untilSynced">The workers start once this has completed.</param>
    public ControllerBuilder Runs(Func<Action<NamespacedName>, CancellationToken, Task> loop, Func<CancellationToken, Task> untilSynced)
    {
        _loops.Add(cancellationToken => loop(_queue.Add, cancellationToken));
        _syncs.Add(untilSynced);
        return this;
    }

    /// <summary>Adds a key later, for what a map sees coming (the time a pod becomes available).</summary>
    public void EnqueueAfter(NamespacedName key, TimeSpan delay) => _queue.AddAfter(key, delay);

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    internal IReadOnlyList<Func<CancellationToken, Task>> Loops => _loops;

    internal Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.WhenAll(_syncs.Select(sync => sync(cancellationToken)));

    private ControllerBuilder Reads<T>(Action<ObjectChange<T>> handler)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _registrations.Add(_informers.Get<T>().AddHandler(handler));
        return Reads<T>();
    }

    private IEnumerable<NamespacedName> Owners(params IKubernetesObject<V1ObjectMeta>?[] objects) =>
        objects.Select(OwnerOf).OfType<NamespacedName>();

    private NamespacedName? OwnerOf(IKubernetesObject<V1ObjectMeta>? obj) =>
        obj?.ControllerReference() is { } owner
        && owner.Kind == _owner.Kind
        && GroupVersionKind.Parse(owner.ApiVersion, owner.Kind).Group == _owner.Group
            ? new NamespacedName(obj.Metadata?.NamespaceProperty ?? "", owner.Name ?? "")
            : null;
}
