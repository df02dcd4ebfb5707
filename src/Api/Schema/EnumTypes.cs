using System.Collections.Frozen;

namespace MiniKube.Api.Schema;

/// <summary>The types of strings of which the API names every value (marked <c>+enum</c> at their Go types), by the name Go gives them.</summary>
public static class EnumTypes
{
    private static readonly FrozenDictionary<string, string[]> Values = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // core
        ["AppArmorProfileType"] = "Localhost RuntimeDefault Unconfined",
        ["AzureDataDiskCachingMode"] = "None ReadOnly ReadWrite",
        ["AzureDataDiskKind"] = "Dedicated Managed Shared",
        ["DNSPolicy"] = "ClusterFirst ClusterFirstWithHostNet Default None",
        ["HostPathType"] = " BlockDevice CharDevice Directory DirectoryOrCreate File FileOrCreate Socket",
        ["IPFamilyPolicy"] = "PreferDualStack RequireDualStack SingleStack",
        ["MountPropagationMode"] = "Bidirectional HostToContainer None",
        ["NamespacePhase"] = "Active Terminating",
        ["NodeInclusionPolicy"] = "Honor Ignore",
        ["NodePhase"] = "Pending Running Terminated",
        ["NodeSelectorOperator"] = "DoesNotExist Exists Gt In Lt NotIn",
        ["PersistentVolumeAccessMode"] = "ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod",
        ["PersistentVolumeClaimPhase"] = "Bound Lost Pending",
        ["PersistentVolumeMode"] = "Block Filesystem",
        ["PersistentVolumePhase"] = "Available Bound Failed Pending Released",
        ["PersistentVolumeReclaimPolicy"] = "Delete Recycle Retain",
        ["PodFSGroupChangePolicy"] = "Always OnRootMismatch",
        ["PodPhase"] = "Failed Pending Running Succeeded Unknown",
        ["PodQOSClass"] = "BestEffort Burstable Guaranteed",
        ["PreemptionPolicy"] = "Never PreemptLowerPriority",
        ["ProcMountType"] = "Default Unmasked",
        ["Protocol"] = "SCTP TCP UDP",
        ["PullPolicy"] = "Always IfNotPresent Never",
        ["ResourceQuotaScope"] = "BestEffort CrossNamespacePodAffinity NotBestEffort NotTerminating PriorityClass Terminating VolumeAttributesClass",
        ["RestartPolicy"] = "Always Never OnFailure",
        ["ScopeSelectorOperator"] = "DoesNotExist Exists In NotIn",
        ["SeccompProfileType"] = "Localhost RuntimeDefault Unconfined",
        ["ServiceAffinity"] = "ClientIP None",
        ["ServiceExternalTrafficPolicy"] = "Cluster Local",
        ["ServiceInternalTrafficPolicy"] = "Cluster Local",
        ["ServiceType"] = "ClusterIP ExternalName LoadBalancer NodePort",
        ["SupplementalGroupsPolicy"] = "Merge Strict",
        ["TaintEffect"] = "NoExecute NoSchedule PreferNoSchedule",
        ["TerminationMessagePolicy"] = "FallbackToLogsOnError File",
        ["TolerationOperator"] = "Equal Exists",
        ["UnsatisfiableConstraintAction"] = "DoNotSchedule ScheduleAnyway",
        ["URIScheme"] = "HTTP HTTPS",

        // apps, batch and policy
        ["CompletionMode"] = "Indexed NonIndexed",
        ["ConcurrencyPolicy"] = "Allow Forbid Replace",
        ["DaemonSetUpdateStrategyType"] = "OnDelete RollingUpdate",
        ["DeploymentStrategyType"] = "Recreate RollingUpdate",
        ["PodFailurePolicyAction"] = "Count FailIndex FailJob Ignore",
        ["PodFailurePolicyOnExitCodesOperator"] = "In NotIn",
        ["PodManagementPolicyType"] = "OrderedReady Parallel",
        ["PodReplacementPolicy"] = "Failed TerminatingOrFailed",
        ["StatefulSetUpdateStrategyType"] = "OnDelete RollingUpdate",

        // The others.
        ["AddressType"] = "FQDN IPv4 IPv6",
        ["FailurePolicyType"] = "Fail Ignore",
        ["MatchPolicyType"] = "Equivalent Exact",
        ["OperationType"] = "* CONNECT CREATE DELETE UPDATE",
        ["PathType"] = "Exact ImplementationSpecific Prefix",
        ["PolicyType"] = "Egress Ingress",
        ["ReinvocationPolicyType"] = "IfNeeded Never",
        ["ScopeType"] = "* Cluster Namespaced",
        ["SideEffectClass"] = "None NoneOnDryRun Some Unknown",
        ["VolumeBindingMode"] = "Immediate WaitForFirstConsumer",
    }.ToFrozenDictionary(entry => "v1." + entry.Key, entry => entry.Value.Split(' '), StringComparer.Ordinal);

    /// <summary>The values in their order; none where the API leaves them open.</summary>
    public static IReadOnlyList<string> Of(TypeRef type) => Values.GetValueOrDefault(type.GoName, []);
}
