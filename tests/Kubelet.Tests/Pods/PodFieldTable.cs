namespace MiniKube.Kubelet.Tests.Pods;

/// <summary>What this kubelet does with each field that a pod's spec can have. A field that is named nowhere here must be refused.</summary>
internal static class PodFieldTable
{
    /// <summary>Honoured by the kubelet; what is in such a field is looked at in turn.</summary>
    private static readonly Dictionary<string, string> Implemented = new()
    {
        ["PodSpec"] = """
            volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy
            serviceAccountName nodeName hostNetwork hostPID hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain
            hostAliases dnsConfig readinessGates enableServiceLinks setHostnameAsFQDN os runtimeClassName resources
            """,
        ["Volume"] = "name hostPath emptyDir configMap secret downwardAPI projected persistentVolumeClaim ephemeral",
        ["PodOS"] = "name",
        ["PersistentVolumeClaimVolumeSource"] = "claimName readOnly",
        ["HostPathVolumeSource"] = "path type",
        ["EmptyDirVolumeSource"] = "medium sizeLimit",
        ["SecretVolumeSource"] = "secretName items defaultMode optional",
        ["ConfigMapVolumeSource"] = "name items defaultMode optional",
        ["DownwardAPIVolumeSource"] = "items defaultMode",
        ["ProjectedVolumeSource"] = "sources defaultMode",
        ["VolumeProjection"] = "secret configMap downwardAPI serviceAccountToken",
        ["ServiceAccountTokenProjection"] = "audience expirationSeconds path",
        ["SecretProjection"] = "name items optional",
        ["ConfigMapProjection"] = "name items optional",
        ["DownwardAPIProjection"] = "items",
        ["KeyToPath"] = "key path mode",
        ["DownwardAPIVolumeFile"] = "path fieldRef resourceFieldRef mode",
        ["ObjectFieldSelector"] = "fieldPath",
        ["ResourceFieldSelector"] = "containerName resource divisor",
        ["LocalObjectReference"] = "name",
        ["Container"] = """
            name image command args workingDir ports envFrom env resources volumeMounts livenessProbe readinessProbe startupProbe lifecycle
            terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty resizePolicy
            """,
        ["EphemeralContainer"] = """
            name image command args workingDir ports envFrom env resources volumeMounts livenessProbe readinessProbe startupProbe lifecycle
            terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty targetContainerName
            """,
        ["ContainerResizePolicy"] = "resourceName restartPolicy",
        ["ContainerPort"] = "name containerPort protocol hostPort hostIP",
        ["EnvFromSource"] = "prefix configMapRef secretRef",
        ["ConfigMapEnvSource"] = "name optional",
        ["SecretEnvSource"] = "name optional",
        ["EnvVar"] = "name value valueFrom",
        ["EnvVarSource"] = "fieldRef resourceFieldRef configMapKeyRef secretKeyRef",
        ["ConfigMapKeySelector"] = "name key optional",
        ["SecretKeySelector"] = "name key optional",
        ["ResourceRequirements"] = "limits requests",
        ["VolumeMount"] = "name readOnly mountPath subPath mountPropagation subPathExpr",
        ["Probe"] = "exec httpGet tcpSocket grpc initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold terminationGracePeriodSeconds",
        ["ExecAction"] = "command",
        ["HTTPGetAction"] = "path port host scheme httpHeaders",
        ["HTTPHeader"] = "name value",
        ["TCPSocketAction"] = "port host",
        ["GRPCAction"] = "port service",
        ["Lifecycle"] = "postStart preStop stopSignal",
        ["LifecycleHandler"] = "exec httpGet sleep tcpSocket",
        ["SleepAction"] = "seconds",
        ["SecurityContext"] = """
            capabilities privileged runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation seccompProfile appArmorProfile seLinuxOptions
            """,
        ["Capabilities"] = "add drop",
        ["SeccompProfile"] = "type localhostProfile",
        ["AppArmorProfile"] = "type localhostProfile",
        ["SELinuxOptions"] = "user role type level",
        ["PodSecurityContext"] = "runAsUser runAsGroup runAsNonRoot supplementalGroups fsGroup sysctls fsGroupChangePolicy seccompProfile appArmorProfile seLinuxOptions supplementalGroupsPolicy",
        ["Sysctl"] = "name value",
        ["HostAlias"] = "ip hostnames",
        ["PodDNSConfig"] = "nameservers searches options",
        ["PodDNSConfigOption"] = "name value",
        ["PodReadinessGate"] = "conditionType",
    };

    /// <summary>
    /// Other components' business, or without a meaning where what it is about does not exist: the scheduler's, the API server's, the eviction
    /// controller's; resizePolicy of containers that cannot be resized, seLinuxChangePolicy where volumes are never relabelled.
    /// </summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["PodSpec"] = """
            nodeSelector affinity schedulerName tolerations priorityClassName priority preemptionPolicy overhead topologySpreadConstraints schedulingGates
            serviceAccount automountServiceAccountToken
            """,
        ["EphemeralContainer"] = "resizePolicy",
        ["EphemeralVolumeSource"] = "volumeClaimTemplate",
        ["PodSecurityContext"] = "seLinuxChangePolicy",
        ["ObjectFieldSelector"] = "apiVersion",
    };

    /// <summary>JSON of the fields' owner where not just any value of the field's type will do.</summary>
    private static readonly Dictionary<string, string> Samples = new()
    {
        ["PodSpec.os"] = """{"os": {"name": "windows"}}""",
        ["EmptyDirVolumeSource.medium"] = """{"medium": "Memory"}""",
        ["PodSpec.hostUsers"] = """{"hostUsers": false}""",
        ["ResourceRequirements.limits"] = """{"limits": {"cpu": "1", "memory": "1Mi"}}""",
        ["Container.restartPolicy"] = """{"restartPolicy": "Never"}""",
        ["EphemeralContainer.restartPolicy"] = """{"restartPolicy": "Never"}""",
        ["PodSecurityContext.supplementalGroupsPolicy"] = """{"supplementalGroupsPolicy": "Strict"}""",
        ["SeccompProfile.localhostProfile"] = """{"type": "Localhost", "localhostProfile": "x"}""",
        ["AppArmorProfile.localhostProfile"] = """{"type": "Localhost", "localhostProfile": "x"}""",
        ["AppArmorProfile.type"] = """{"type": "RuntimeDefault"}""",
    };

    public static bool IsImplemented(string type, string field) => Names(Implemented, type).Contains(field);

    public static bool IsElsewhere(string type, string field) => Names(Elsewhere, type).Contains(field);

    public static string? Sample(string type, string field) => Samples.GetValueOrDefault($"{type}.{field}");

    /// <summary>Every entry as <c>Type.field</c>, so that none outlives its field.</summary>
    public static IEnumerable<string> Entries => Implemented.Keys.SelectMany(type => Names(Implemented, type).Select(name => $"{type}.{name}"))
        .Concat(Elsewhere.Keys.SelectMany(type => Names(Elsewhere, type).Select(name => $"{type}.{name}")))
        .Concat(Samples.Keys);

    private static string[] Names(Dictionary<string, string> table, string type) =>
        table.TryGetValue(type, out var names) ? names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [];
}
