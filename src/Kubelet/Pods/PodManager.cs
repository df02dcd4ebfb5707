using System.Collections.Immutable;

using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Kubelet.Pods;

/// <summary>The pods that this node is to run, as the sources have them, and the mirrors of static ones. Written by the sync loop, read by all.</summary>
internal sealed class PodManager
{
    private volatile ImmutableDictionary<string, V1Pod> _pods = [];
    private volatile ImmutableDictionary<NamespacedName, V1Pod> _mirrors = [];
    private volatile ImmutableHashSet<string> _uids = [];

    public IReadOnlySet<string> Uids => _uids;

    public IEnumerable<V1Pod> Pods => _pods.Values;

    public void Set(V1Pod pod)
    {
        if (pod.IsMirror())
        {
            _mirrors = _mirrors.SetItem(KeyOf(pod), pod);
            return;
        }

        _pods = _pods.SetItem(pod.Uid(), pod);
        _uids = _uids.Add(pod.Uid());
    }

    public void Remove(V1Pod pod)
    {
        if (pod.IsMirror())
        {
            _mirrors = _mirrors.Remove(KeyOf(pod));
            return;
        }

        _pods = _pods.Remove(pod.Uid());
        _uids = _uids.Remove(pod.Uid());
    }

    public V1Pod? Get(string uid) => _pods.GetValueOrDefault(uid);

    public V1Pod? Find(NamespacedName key) => _pods.Values.FirstOrDefault(pod => KeyOf(pod) == key);

    public IEnumerable<V1Pod> Mirrors => _mirrors.Values;

    /// <summary>The object in the API that shows a pod: itself, or a static pod's mirror if there is one.</summary>
    public V1Pod? InApi(V1Pod pod) => pod.IsStatic() ? _mirrors.GetValueOrDefault(KeyOf(pod)) : pod;

    private static NamespacedName KeyOf(V1Pod pod) => new(pod.Namespace(), pod.Name());
}
