using System.Collections.Frozen;
using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>
/// The fields of features that are off in 1.34 unless somebody turns them on (upstream's pkg/features). They are in the schema, but no write brings them in, and nothing is said of
/// it (upstream's DropDisabledFields). An object that has one field of a feature already keeps them all.
/// </summary>
internal static class DisabledFeatures
{
    private const string PodTemplate = "spec.template.spec";

    private static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    // Built at the first write: a server that starts has no need of it yet.
    private static readonly Lazy<FrozenDictionary<(string Group, string Kind), Action<JsonObject, JsonObject?>[]>> Table = new(Build);

    /// <summary>Takes out of an object to be stored what the old one (null: there is none) does not use.</summary>
    public static void Drop(GroupVersionKind kind, JsonObject obj, JsonObject? old)
    {
        if (Table.Value.TryGetValue((kind.Group, kind.Kind), out var features))
        {
            foreach (var feature in features)
            {
                feature(obj, old);
            }
        }
    }

    private static FrozenDictionary<(string Group, string Kind), Action<JsonObject, JsonObject?>[]> Build() =>
        new Dictionary<(string Group, string Kind), Action<JsonObject, JsonObject?>[]>
        {
            [("", "Pod")] = [.. OfPodSpec("spec"), .. OfPodStatus()],
            [("", "PersistentVolumeClaim")] = [ClaimSources.Drop],
            [("", "PodTemplate")] = OfPodSpec("template.spec"),
            [("", "ReplicationController")] = OfPodSpec(PodTemplate),
            [("apps", "DaemonSet")] = OfPodSpec(PodTemplate),
            [("apps", "Deployment")] = [.. OfPodSpec(PodTemplate), Feature("status.terminatingReplicas")],
            [("apps", "ReplicaSet")] = [.. OfPodSpec(PodTemplate), Feature("status.terminatingReplicas")],
            [("apps", "StatefulSet")] = [.. OfPodSpec(PodTemplate), Feature("spec.updateStrategy.rollingUpdate.maxUnavailable")],
            [("batch", "CronJob")] = OfPodSpec("spec.jobTemplate.spec.template.spec"),
            [("batch", "Job")] = OfPodSpec(PodTemplate),
            [("autoscaling", "HorizontalPodAutoscaler")] = [Feature("spec.behavior.scaleUp.tolerance", "spec.behavior.scaleDown.tolerance")],
            [("storage.k8s.io", "CSIDriver")] = [Feature("spec.nodeAllocatableUpdatePeriodSeconds")],
            [("storage.k8s.io", "VolumeAttachment")] = [Feature("status.attachError.errorCode"), Feature("status.detachError.errorCode")],
            [("resource.k8s.io", "DeviceClass")] = [Feature("spec.extendedResourceName")],
            [("resource.k8s.io", "ResourceSlice")] = OfSlice(),
            [("resource.k8s.io", "ResourceClaim")] = [.. OfClaimSpec("spec"), .. OfClaimStatus()],
            [("resource.k8s.io", "ResourceClaimTemplate")] = OfClaimSpec("spec.spec"),
        }.ToFrozenDictionary();

    private static Action<JsonObject, JsonObject?>[] OfPodSpec(string spec)
    {
        var path = spec.Split('.');
        return
        [
            Feature($"{spec}.hostnameOverride"),
            Feature(ContainerLists.Select(list => $"{spec}.{list}.*.env.*.valueFrom.fileKeyRef")),
            Feature(ContainerLists.Select(list => $"{spec}.{list}.*.lifecycle?.stopSignal")),
            Feature([
                .. ContainerLists.Select(list => new GatedField($"{spec}.{list}.*.restartPolicyRules")),
                new GatedField($"{spec}.containers.*.restartPolicy"),
                new GatedField($"{spec}.ephemeralContainers.*.restartPolicy"),
                // A sidecar's is no part of the feature.
                new GatedField($"{spec}.initContainers.*.restartPolicy", exempt: "Always"),
            ]),
            Feature($"{spec}.volumes.*.projected.sources.*.clusterTrustBundle"),
            Feature($"{spec}.volumes.*.projected.sources.*.podCertificate"),
            (obj, old) => ImageVolumes.Drop(obj.ObjectAt(path) ?? [], old.ObjectAt(path)),
        ];
    }

    private static Action<JsonObject, JsonObject?>[] OfPodStatus() =>
    [
        Feature("status.extendedResourceClaimStatus"),
        Feature(
            "status.containerStatuses.*.allocatedResourcesStatus",
            "status.initContainerStatuses.*.allocatedResourcesStatus",
            "status.ephemeralContainerStatuses.*.allocatedResourcesStatus"),
    ];

    private static Action<JsonObject, JsonObject?>[] OfSlice() =>
    [
        Feature("spec.devices.*.taints"),
        Feature(
            "spec.sharedCounters",
            "spec.perDeviceNodeSelection",
            "spec.devices.*.consumesCounters",
            "spec.devices.*.nodeName",
            "spec.devices.*.nodeSelector",
            "spec.devices.*.allNodes"),
        Feature("spec.devices.*.bindingConditions", "spec.devices.*.bindingFailureConditions", "spec.devices.*.bindsToNode"),
        Feature("spec.devices.*.allowMultipleAllocations", "spec.devices.*.capacity.*.requestPolicy"),
    ];

    private static Action<JsonObject, JsonObject?>[] OfClaimSpec(string spec) =>
    [
        Feature($"{spec}.devices.requests.*.exactly.tolerations", $"{spec}.devices.requests.*.firstAvailable.*.tolerations"),
        Feature(
            $"{spec}.devices.constraints.*.distinctAttribute",
            $"{spec}.devices.requests.*.exactly.capacity",
            $"{spec}.devices.requests.*.firstAvailable.*.capacity"),
    ];

    private static Action<JsonObject, JsonObject?>[] OfClaimStatus() =>
    [
        Feature("status.allocation.devices.results.*.bindingConditions", "status.allocation.devices.results.*.bindingFailureConditions"),
        Feature("status.allocation.devices.results.*.shareID", "status.allocation.devices.results.*.consumedCapacity", "status.devices.*.shareID"),
    ];

    private static Action<JsonObject, JsonObject?> Feature(params IEnumerable<string> paths) => Feature([.. paths.Select(path => new GatedField(path))]);

    private static Action<JsonObject, JsonObject?> Feature(GatedField[] fields) => (obj, old) =>
    {
        if (!fields.Any(field => field.IsIn(obj)) || (old is not null && fields.Any(field => field.IsIn(old))))
        {
            return;
        }

        foreach (var field in fields)
        {
            field.RemoveFrom(obj);
        }
    };
}
