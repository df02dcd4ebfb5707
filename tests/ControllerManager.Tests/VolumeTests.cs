using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Scheduling;

namespace MiniKube.ControllerManager.Tests;

public sealed class VolumeTests
{
    private const string HostPath = "kubernetes.io/host-path";

    [Fact]
    public async Task Claim_GetsTheSmallestVolumeThatFits()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        foreach (var (name, size) in new[] { ("small", "1Gi"), ("large", "9Gi"), ("middle", "3Gi") })
        {
            await cluster.CreateAsync(Volume(name, size));
        }

        await cluster.EventuallyAsync<V1PersistentVolume>(all => all.Count == 3 && all.All(volume => volume.Status?.Phase == "Available"), "");
        await cluster.CreateAsync(Objects.Claim("data", "2Gi"));

        var claim = await cluster.EventuallyAsync<V1PersistentVolumeClaim>("data", found => found?.Status is { Phase: "Bound" });
        Assert.Equal("middle", claim?.Spec.VolumeName);
        Assert.Equal("3Gi", claim?.Status.Capacity["storage"].ToString());
        Assert.Equal("yes", claim?.Metadata.Annotations["pv.kubernetes.io/bind-completed"]);
        var volume = await cluster.EventuallyAsync<V1PersistentVolume>("middle", found => found?.Status is { Phase: "Bound" }, "");
        Assert.Equal(claim?.Metadata.Uid, volume?.Spec.ClaimRef.Uid);
    }

    [Fact]
    public async Task Claim_ThatNothingFits_SaysSo_AndIsBoundWhenAVolumeComes()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.Claim("data", "2Gi"));
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e =>
            e.Reason == "FailedBinding" && e.Message == "no persistent volumes available for this claim and no storage class is set" && e.Source.Component == "persistentvolume-controller"));

        await cluster.CreateAsync(Volume("late", "2Gi"));

        await cluster.EventuallyAsync<V1PersistentVolumeClaim>("data", found => found?.Status is { Phase: "Bound" });
    }

    [Theory]
    [InlineData("Retain", "Released")]
    [InlineData("Recycle", "Failed")]
    public async Task DeletedClaim_LeavesItsVolume_AsThePolicySays(string policy, string phase)
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Volume("kept", "1Gi", policy));
        await cluster.CreateAsync(Objects.Claim("data", "1Gi"));
        await cluster.EventuallyAsync<V1PersistentVolumeClaim>("data", found => found?.Status is { Phase: "Bound" });

        await cluster.DeleteAsync<V1PersistentVolumeClaim>("data");

        await cluster.EventuallyAsync<V1PersistentVolume>("kept", volume => volume?.Status.Phase == phase, "");
        await cluster.DeleteAsync<V1PersistentVolume>("kept", ns: "");
        await cluster.EventuallyAsync<V1PersistentVolume>("kept", volume => volume is null, "");
    }

    [Fact]
    public async Task DefaultClass_IsGivenToClaims_AndAVolumeIsMadeWhenAPodWaits_AndGoesWithTheClaim()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false", "--enable-hostpath-provisioner");
        await cluster.CreateAsync(new V1Node
        {
            ApiVersion = "v1",
            Kind = "Node",
            Metadata = new V1ObjectMeta { Name = "a", Labels = new Dictionary<string, string> { ["kubernetes.io/hostname"] = "a.example" } },
        });
        await cluster.CreateAsync(new V1StorageClass
        {
            ApiVersion = "storage.k8s.io/v1",
            Kind = "StorageClass",
            Metadata = new V1ObjectMeta { Name = "standard", Annotations = new Dictionary<string, string> { ["storageclass.kubernetes.io/is-default-class"] = "true" } },
            Provisioner = HostPath,
            VolumeBindingMode = "WaitForFirstConsumer",
        });
        var claim = await cluster.CreateAsync(Objects.Claim("data", "2Gi"));
        Assert.Equal("standard", claim.Spec.StorageClassName);
        Assert.Equal(["kubernetes.io/pvc-protection"], claim.Metadata.Finalizers);
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e =>
            e.Reason == "WaitForFirstConsumer" && e.Message == "waiting for first consumer to be created before binding"));

        // What the scheduler does.
        await cluster.PatchAsync<V1PersistentVolumeClaim>("data", new { metadata = new { annotations = new Dictionary<string, string> { [VolumeClaims.SelectedNode] = "a" } } });

        var bound = await cluster.EventuallyAsync<V1PersistentVolumeClaim>("data", found => found?.Status is { Phase: "Bound" });
        Assert.Equal($"pvc-{claim.Metadata.Uid}", bound?.Spec.VolumeName);
        Assert.Equal(HostPath, bound?.Metadata.Annotations["volume.kubernetes.io/storage-provisioner"]);
        var volume = await cluster.EventuallyAsync<V1PersistentVolume>(bound!.Spec.VolumeName, found => found?.Status is { Phase: "Bound" }, "");
        Assert.Equal(["a.example"], volume?.Spec.NodeAffinity.Required.NodeSelectorTerms[0].MatchExpressions[0].Values);
        Assert.Equal("Delete", volume?.Spec.PersistentVolumeReclaimPolicy);

        // A pod protects its claim, the claim its volume.
        await cluster.CreateAsync(new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = Objects.Meta("user"),
            Spec = Objects.Template("user").Spec with
            {
                Volumes = [new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "data" } }],
            },
        });
        await cluster.DeleteAsync<V1PersistentVolumeClaim>("data");
        await cluster.EventuallyAsync<V1PersistentVolumeClaim>("data", found => found?.Metadata.DeletionTimestamp is not null);
        await cluster.DeleteAsync<V1Pod>("user");
        await cluster.EventuallyAsync<V1PersistentVolumeClaim>("data", found => found is null);
        await cluster.EventuallyAsync<V1PersistentVolume>(all => all.Count == 0, "");
    }

    [Fact]
    public async Task Claim_ThatAsksForMore_GetsIt_WhereItsClassAllowsAndTheVolumeIsOurs()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false", "--enable-hostpath-provisioner");
        foreach (var (name, grows) in new[] { ("grows", true), ("fixed", false) })
        {
            await cluster.CreateAsync(new V1StorageClass
            {
                ApiVersion = "storage.k8s.io/v1",
                Kind = "StorageClass",
                Metadata = new V1ObjectMeta { Name = name },
                Provisioner = HostPath,
                AllowVolumeExpansion = grows,
                VolumeBindingMode = "Immediate",
            });
            await cluster.CreateAsync(Objects.Claim(name, "2Gi") with { Spec = Objects.Claim(name, "2Gi").Spec with { StorageClassName = name } });
            await cluster.EventuallyAsync<V1PersistentVolumeClaim>(name, found => found?.Status is { Phase: "Bound", Capacity: not null });
        }

        var more = new { spec = new { resources = new { requests = new { storage = "5Gi" } } } };
        await cluster.PatchAsync<V1PersistentVolumeClaim>("grows", more);
        var refused = await Assert.ThrowsAsync<StatusException>(() => cluster.PatchAsync<V1PersistentVolumeClaim>("fixed", more));

        var claim = await cluster.EventuallyAsync<V1PersistentVolumeClaim>("grows", found => found?.Status.Capacity["storage"].ToString() == "5Gi");
        Assert.Equal("5Gi", claim?.Status.AllocatedResources["storage"].ToString());
        var volume = await cluster.EventuallyAsync<V1PersistentVolume>(claim!.Spec.VolumeName, _ => true, "");
        Assert.Equal("5Gi", volume?.Spec.Capacity["storage"].ToString());
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e => e is { Reason: "VolumeResizeSuccessful", InvolvedObject.Name: "grows", Source.Component: "volume_expand" }));
        Assert.Equal(
            "persistentvolumeclaims \"fixed\" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
            refused.Message);
        var less = new { spec = new { resources = new { requests = new { storage = "2Gi" } } } };
        refused = await Assert.ThrowsAsync<StatusException>(() => cluster.PatchAsync<V1PersistentVolumeClaim>("grows", less));
        Assert.Contains("spec.resources.requests.storage: Forbidden: field can not be less than status.capacity", refused.Message, StringComparison.Ordinal);

        // Who made this volume must make it larger.
        await cluster.CreateAsync(Volume("foreign", "1Gi") with { Spec = Volume("foreign", "1Gi").Spec with { StorageClassName = "grows" } });
        await cluster.EventuallyAsync<V1PersistentVolume>("foreign", found => found?.Status is { Phase: "Available" }, "");
        await cluster.CreateAsync(Objects.Claim("waits", "1Gi") with { Spec = Objects.Claim("waits", "1Gi").Spec with { StorageClassName = "grows", VolumeName = "foreign" } });
        await cluster.EventuallyAsync<V1PersistentVolumeClaim>("waits", found => found?.Status is { Phase: "Bound", Capacity: not null });
        await cluster.PatchAsync<V1PersistentVolumeClaim>("waits", more);
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e =>
            e is { Reason: "ExternalExpanding", InvolvedObject.Name: "waits", Message: "waiting for an external controller to expand this PVC" }));
    }

    [Theory]
    [InlineData("1Gi", "ReadWriteOnce", "", true)]
    [InlineData("3Gi", "ReadWriteOnce", "", false)]
    [InlineData("1Gi", "ReadWriteMany", "", false)]
    [InlineData("1Gi", "ReadWriteOnce", "fast", false)]
    public void Fits_BySizeModeAndClass(string size, string mode, string storageClass, bool expected)
    {
        var claim = Objects.Claim("data", size);
        (claim.Spec.AccessModes, claim.Spec.StorageClassName) = ([mode], storageClass);

        Assert.Equal(expected, VolumeClaims.Fits(claim, Volume("v", "2Gi")));
    }

    private static V1PersistentVolume Volume(string name, string size, string policy = "Retain") => new()
    {
        ApiVersion = "v1",
        Kind = "PersistentVolume",
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1PersistentVolumeSpec
        {
            Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) },
            AccessModes = ["ReadWriteOnce"],
            PersistentVolumeReclaimPolicy = policy,
            HostPath = new V1HostPathVolumeSource { Path = "/srv/data" },
        },
    };
}
