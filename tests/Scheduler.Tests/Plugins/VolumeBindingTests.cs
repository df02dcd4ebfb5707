using System.Diagnostics.CodeAnalysis;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Informers;
using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Plugins;

namespace MiniKube.Scheduler.Tests.Plugins;

public sealed class VolumeBindingTests
{
    private readonly Table<V1PersistentVolumeClaim> _claims = new();
    private readonly Table<V1PersistentVolume> _volumes = new();
    private readonly Table<V1StorageClass> _classes = new();

    [Fact]
    public void Pod_WithoutClaims_IsNotLookedAt() =>
        Assert.Null(new VolumeBinding(_claims, _volumes, _classes).PreFilter(new PodInfo(new V1Pod { Metadata = new V1ObjectMeta(), Spec = new V1PodSpec() }), Make.Snapshot()));

    [Fact]
    public void Claim_ThatIsNotThere_RefusesEveryNode() => Assert.Equal("persistentvolumeclaim \"data\" not found", Reason("a"));

    [Fact]
    public void Claim_ThatIsNotBound_AndDoesNotWait_RefusesEveryNode()
    {
        _claims.Add(Claim(volume: null, storageClass: "now"));
        _classes.Add(Class("now", "Immediate", "example.com/disk"));

        Assert.Equal("pod has unbound immediate PersistentVolumeClaims", Reason("a"));
    }

    [Fact]
    public void BoundClaim_PassesOnlyWhereItsVolumeIs()
    {
        _claims.Add(Claim(volume: "v", storageClass: ""));
        _volumes.Add(Volume("v", "a"));

        Assert.Null(Reason("a"));
        Assert.Equal("node(s) didn't match PersistentVolume's node affinity", Reason("b"));
    }

    [Fact]
    public void ClaimThatWaits_PassesWhereAVolumeCanBeMade_OrIs()
    {
        _claims.Add(Claim(volume: null, storageClass: "later"));
        _classes.Add(Class("later", "WaitForFirstConsumer", "example.com/disk"));
        Assert.Null(Reason("a"));

        _classes.Add(Class("later", "WaitForFirstConsumer", "kubernetes.io/no-provisioner"));
        _volumes.Add(Volume("v", "b", "later"));
        Assert.Equal("node(s) didn't find available persistent volumes to bind", Reason("a"));
        Assert.Null(Reason("b"));
    }

    private string? Reason(string node)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "p", NamespaceProperty = "default" },
            Spec = new V1PodSpec
            {
                Volumes = [new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "data" } }],
            },
        };
        var filter = new VolumeBinding(_claims, _volumes, _classes).PreFilter(new PodInfo(pod), Make.Snapshot());
        return filter?.Filter(new NodeInfo(Make.Node(node))).Reasons is [var reason, ..] ? reason : null;
    }

    private static V1PersistentVolumeClaim Claim(string? volume, string storageClass) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "data",
            NamespaceProperty = "default",
            Annotations = volume is null ? null : new Dictionary<string, string> { ["pv.kubernetes.io/bind-completed"] = "yes" },
        },
        Spec = new V1PersistentVolumeClaimSpec { VolumeName = volume, StorageClassName = storageClass, AccessModes = ["ReadWriteOnce"] },
    };

    private static V1StorageClass Class(string name, string mode, string provisioner) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Provisioner = provisioner,
        VolumeBindingMode = mode,
    };

    private static V1PersistentVolume Volume(string name, string node, string storageClass = "") => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1PersistentVolumeSpec
        {
            AccessModes = ["ReadWriteOnce"],
            StorageClassName = storageClass,
            NodeAffinity = new V1VolumeNodeAffinity
            {
                Required = new V1NodeSelector
                {
                    NodeSelectorTerms =
                    [
                        new V1NodeSelectorTerm { MatchExpressions = [new V1NodeSelectorRequirement { Key = "kubernetes.io/hostname", OperatorProperty = "In", Values = [node] }] },
                    ],
                },
            },
        },
        Status = new V1PersistentVolumeStatus { Phase = "Available" },
    };

    private sealed class Table<T> : ILister<T>
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        private readonly Dictionary<NamespacedName, T> _objects = [];

        public void Add(T obj) => _objects[obj.Key()] = obj;

        public bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? obj) => _objects.TryGetValue(key, out obj);

        public IReadOnlyList<T> List(string? @namespace = null) => [.. _objects.Values];

        public IReadOnlyList<T> OwnedBy(IKubernetesObject<V1ObjectMeta> owner) => [];
    }
}
