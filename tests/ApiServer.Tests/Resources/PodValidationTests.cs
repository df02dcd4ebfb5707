namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Upstream's words about pods, part by part: one fault a row.</summary>
public sealed class PodValidationTests
{
    private const string Qualified =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', "
        + "regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string Label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', "
        + "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    [Theory]
    [InlineData("\"ports\":[{\"containerPort\":80,\"protocol\":\"tcp\"}]", "ports[0].protocol: Unsupported value: \"tcp\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    [InlineData("\"ports\":[{\"containerPort\":80,\"hostPort\":-1}]", "ports[0].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive")]
    [InlineData("\"ports\":[{\"containerPort\":1,\"hostPort\":9},{\"containerPort\":2,\"hostPort\":9}]", "ports[1].hostPort: Duplicate value: \"TCP//9\"")]
    [InlineData("\"terminationMessagePolicy\":\"Log\"", "terminationMessagePolicy: Unsupported value: \"Log\": supported values: \"File\", \"FallbackToLogsOnError\"")]
    [InlineData("\"restartPolicy\":\"Always\"", "restartPolicy: Forbidden: may not be set for non-init containers")]
    [InlineData("\"env\":[{\"name\":\"A\",\"value\":\"x\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"metadata.name\"}}}]", "env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty")]
    [InlineData("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"metadata.labels\"}}}]", "env[0].valueFrom.fieldRef.fieldPath: Unsupported value: \"metadata.labels\": supported values: \"metadata.name\", \"metadata.namespace\", \"metadata.uid\", \"spec.nodeName\", \"spec.serviceAccountName\", \"status.hostIP\", \"status.hostIPs\", \"status.podIP\", \"status.podIPs\"")]
    [InlineData("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"spec.nope\"}}}]", "env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.nope\": error converting fieldPath: field label not supported: spec.nope")]
    [InlineData("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"metadata.labels['-']\"}}}]", "env[0].valueFrom.fieldRef: Invalid value: \"-\": " + Qualified)]
    [InlineData("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"resourceFieldRef\":{\"resource\":\"limits.gpu\"}}}]", "env[0].valueFrom.resourceFieldRef.resource: Unsupported value: \"limits.gpu\": supported values: \"limits.cpu\", \"limits.ephemeral-storage\", \"limits.memory\", \"requests.cpu\", \"requests.ephemeral-storage\", \"requests.memory\"")]
    [InlineData("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"resourceFieldRef\":{\"resource\":\"limits.cpu\",\"divisor\":\"2\"}}}]", "env[0].valueFrom.resourceFieldRef.divisor: Invalid value: \"limits.cpu\": only divisor's values 1m and 1 are supported with the cpu resource")]
    [InlineData("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"s\"}}}]", "env[0].valueFrom.secretKeyRef.key: Required value")]
    [InlineData("\"envFrom\":[{}]", "envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`")]
    [InlineData("\"envFrom\":[{\"configMapRef\":{}}]", "envFrom[0].configMapRef.name: Required value")]
    [InlineData("\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/a\"},{\"name\":\"v\",\"mountPath\":\"/a\"}]", "volumeMounts[1].mountPath: Invalid value: \"/a\": must be unique")]
    [InlineData("\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/a\",\"subPath\":\"/b\"}]", "volumeMounts.subPath: Invalid value: \"/b\": must be a relative path")]
    [InlineData("\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/a\",\"subPath\":\"b\",\"subPathExpr\":\"c\"}]", "volumeMounts[0].subPathExpr: Invalid value: \"c\": subPathExpr and subPath are mutually exclusive")]
    [InlineData("\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/a\",\"mountPropagation\":\"Bidirectional\"}]", "volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers")]
    [InlineData("\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/a\",\"recursiveReadOnly\":\"Enabled\"}]", "volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true")]
    [InlineData("\"volumeDevices\":[{\"name\":\"v\",\"devicePath\":\"/d\"}]", "volumeDevices[0].name: Invalid value: \"v\": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")]
    [InlineData("\"volumeDevices\":[{\"name\":\"claim\",\"devicePath\":\"/a/../d\"}]", "volumeDevices[0].devicePath: Invalid value: \"/a/../d\": can not contain backsteps ('..')")]
    [InlineData("\"resources\":{\"requests\":{\"example.com/gpu\":\"1\"}}", "resources.limits: Required value: Limit must be set for non overcommitable resources")]
    [InlineData("\"resources\":{\"limits\":{\"example.com/gpu\":\"2\"},\"requests\":{\"example.com/gpu\":\"1\"}}", "resources.requests: Invalid value: \"1\": must be equal to example.com/gpu limit of 2")]
    [InlineData("\"resources\":{\"requests\":{\"gpu\":\"1\"}}", "resources.requests[gpu]: Invalid value: \"gpu\": must be a standard resource type or fully qualified|resources.requests[gpu]: Invalid value: \"gpu\": must be a standard resource for containers")]
    [InlineData("\"resources\":{\"limits\":{\"hugepages-2Mi\":\"2Mi\"}}", "resources: Forbidden: HugePages require cpu or memory")]
    [InlineData("\"resources\":{\"limits\":{\"cpu\":\"1\",\"hugepages-2Mi\":\"0\"}}", "")]
    [InlineData("\"resources\":{\"requests\":{\"cpu\":\"1\",\"hugepages-2Mi\":\"3Mi\"}}", "resources.limits: Required value: Limit must be set for non overcommitable resources|resources.requests[hugepages-2Mi]: Invalid value: \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi")]
    [InlineData("\"resources\":{\"limits\":{\"cpu\":\"1\",\"hugepages-2Mi\":\"3Mi\"}}", "resources.limits[hugepages-2Mi]: Invalid value: \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi|resources.requests[hugepages-2Mi]: Invalid value: \"3Mi\": 3Mi is not positive integer multiple of hugepages-2Mi")]
    [InlineData("\"resources\":{\"claims\":[{\"name\":\"gpu\"}]}", "resources.claims[0]: Not found: \"gpu\": must be one of the names in pod.spec.resourceClaims which is empty")]
    [InlineData("\"resizePolicy\":[{\"resourceName\":\"disk\",\"restartPolicy\":\"NotRequired\"}]", "resizePolicy: Unsupported value: \"disk\": supported values: \"cpu\", \"memory\"")]
    [InlineData("\"lifecycle\":{\"preStop\":{}}", "lifecycle.preStop: Required value: must specify a handler type")]
    [InlineData("\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":31}}}", "lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)")]
    [InlineData("\"lifecycle\":{\"preStop\":{\"exec\":{\"command\":[\"a\"]},\"sleep\":{\"seconds\":31}}}", "lifecycle.preStop.sleep: Forbidden: may not specify more than 1 handler type")]
    [InlineData("\"env\":[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"apiVersion\":\"v2\",\"fieldPath\":\"metadata.labels['a']\"}}}]", "env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"metadata.labels['a']\": error converting fieldPath: unsupported pod version: v2")]
    [InlineData("\"livenessProbe\":{\"exec\":{\"command\":[\"a\"]},\"tcpSocket\":{\"port\":1}}", "livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type")]
    [InlineData("\"livenessProbe\":{\"httpGet\":{\"port\":1,\"scheme\":\"FTP\"}}", "livenessProbe.httpGet.scheme: Unsupported value: \"FTP\": supported values: \"HTTP\", \"HTTPS\"")]
    [InlineData("\"livenessProbe\":{\"grpc\":{\"port\":0}}", "livenessProbe.grpc.port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("\"livenessProbe\":{\"exec\":{\"command\":[\"a\"]},\"periodSeconds\":-1}", "livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"readinessProbe\":{\"exec\":{\"command\":[\"a\"]},\"terminationGracePeriodSeconds\":5}", "readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes")]
    [InlineData("\"securityContext\":{\"runAsUser\":-1}", "securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive")]
    [InlineData("\"securityContext\":{\"procMount\":\"Unmasked\"}", "securityContext.procMount: Invalid value: \"Unmasked\": `hostUsers` must be false to use `Unmasked`")]
    [InlineData("\"securityContext\":{\"seccompProfile\":{\"type\":\"Localhost\"}}", "securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost")]
    [InlineData("\"securityContext\":{\"appArmorProfile\":{\"type\":\"Other\"}}", "securityContext.appArmorProfile.type: Unsupported value: \"Other\": supported values: \"Localhost\", \"RuntimeDefault\", \"Unconfined\"")]
    public void Container_BadField_GivesUpstreamsText(string field, string faults) => Assert.Equal(
        faults.Replace("|", "\n", StringComparison.Ordinal),
        Strategies.Faults(
                "pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\"," + field
                + "}],\"volumes\":[{\"name\":\"v\"},{\"name\":\"claim\",\"persistentVolumeClaim\":{\"claimName\":\"c\"}}]}}")
            .Replace("spec.containers[0].", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("\"hostPath\":{}", "hostPath.path: Required value")]
    [InlineData("\"hostPath\":{\"path\":\"/a/../b\"}", "hostPath.path: Invalid value: \"/a/../b\": must not contain '..'")]
    [InlineData("\"hostPath\":{\"path\":\"/a\",\"type\":\"Dir\"}", "hostPath.type: Unsupported value: \"Dir\": supported values: \"\", \"BlockDevice\", \"CharDevice\", \"Directory\", \"DirectoryOrCreate\", \"File\", \"FileOrCreate\", \"Socket\"")]
    [InlineData("\"emptyDir\":{\"sizeLimit\":\"-1Gi\"}", "emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity")]
    [InlineData("\"secret\":{}", "secret.secretName: Required value")]
    [InlineData("\"secret\":{\"secretName\":\"s\",\"defaultMode\":512}", "secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive")]
    [InlineData("\"configMap\":{\"name\":\"c\",\"items\":[{\"key\":\"k\",\"path\":\"../x\"}]}", "configMap.items[0].path: Invalid value: \"../x\": must not contain '..'")]
    [InlineData("\"configMap\":{\"name\":\"c\",\"items\":[{\"key\":\"k\",\"path\":\"..x\"}]}", "configMap.items[0].path: Invalid value: \"..x\": must not start with '..'")]
    [InlineData("\"downwardAPI\":{\"items\":[{\"path\":\"p\"}]}", "downwardAPI: Required value: one of fieldRef and resourceFieldRef is required")]
    [InlineData("\"downwardAPI\":{\"items\":[{\"path\":\"p\",\"fieldRef\":{\"fieldPath\":\"status.podIP\"}}]}", "downwardAPI.fieldRef.fieldPath: Unsupported value: \"status.podIP\": supported values: \"metadata.annotations\", \"metadata.labels\", \"metadata.name\", \"metadata.namespace\", \"metadata.uid\"")]
    [InlineData("\"projected\":{\"sources\":[{\"serviceAccountToken\":{\"path\":\"t\",\"expirationSeconds\":60}}]}", "projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes")]
    [InlineData("\"projected\":{\"sources\":[{\"secret\":{\"name\":\"s\",\"items\":[{\"key\":\"k\",\"path\":\"p\"}]}},{\"configMap\":{\"name\":\"c\",\"items\":[{\"key\":\"k\",\"path\":\"p\"}]}}]}", "projected: Invalid value: \"c\": conflicting duplicate paths")]
    [InlineData("\"projected\":{\"sources\":[{\"secret\":{\"name\":\"s\"},\"configMap\":{\"name\":\"c\"}}]}", "projected.sources[0]: Forbidden: may not specify more than 1 volume type per source")]
    [InlineData("\"nfs\":{\"server\":\"s\",\"path\":\"p\"}", "nfs.path: Invalid value: \"p\": must be an absolute path")]
    [InlineData("\"csi\":{}", "csi.driver: Required value|csi.driver: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]
    [InlineData("\"ephemeral\":{}", "ephemeral.volumeClaimTemplate: Required value")]
    [InlineData("\"ephemeral\":{\"volumeClaimTemplate\":{\"metadata\":{\"name\":\"x\"},\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}}", "ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set")]
    [InlineData("\"iscsi\":{\"targetPortal\":\"t\",\"iqn\":\"iqn.bad\",\"lun\":0}", "iscsi.iqn: Invalid value: \"iqn.bad\": must be valid format")]
    [InlineData("\"fc\":{}", "fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both")]
    [InlineData("\"azureDisk\":{\"diskName\":\"d\",\"diskURI\":\"x\"}", "azureDisk.diskURI: Unsupported value: \"x\": supported values: \"https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd\"")]
    [InlineData("\"image\":{}", "image.reference: Required value")]
    [InlineData("\"gcePersistentDisk\":{}", "persistentDisk.pdName: Required value")]
    [InlineData("\"hostPath\":{\"path\":\"/a\"},\"gcePersistentDisk\":{},\"cephfs\":{},\"downwardAPI\":{}", "gcePersistentDisk: Forbidden: may not specify more than 1 volume type|cephFS: Forbidden: may not specify more than 1 volume type|downwarAPI: Forbidden: may not specify more than 1 volume type")]
    public void Volume_BadSource_GivesUpstreamsText(string source, string faults) => Assert.Equal(
        faults.Replace("|", "\n", StringComparison.Ordinal),
        Strategies.Faults(
                "pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"serviceAccountName\":\"s\",\"containers\":[{\"name\":\"a\",\"image\":\"i\"}],\"volumes\":[{\"name\":\"v\"," + source + "}]}}")
            .Replace("spec.volumes[0].", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("\"dnsPolicy\":\"Some\"", "spec.dnsPolicy: Unsupported value: \"Some\": supported values: \"ClusterFirstWithHostNet\", \"ClusterFirst\", \"Default\", \"None\"")]
    [InlineData("\"dnsPolicy\":\"None\"", "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None")]
    [InlineData("\"dnsConfig\":{\"nameservers\":[\"1.1.1.1\",\"1.1.1.2\",\"1.1.1.3\",\"1.1.1.4\"]}", "spec.dnsConfig.nameservers: Invalid value: [\"1.1.1.1\",\"1.1.1.2\",\"1.1.1.3\",\"1.1.1.4\"]: must not have more than 3 nameservers")]
    [InlineData("\"dnsConfig\":{\"searches\":[\"a_b.example.com.\",\".\"]}", "")]
    [InlineData("\"dnsConfig\":{\"options\":[{\"value\":\"2\"}]}", "spec.dnsConfig.options[0]: Required value: must not be empty")]
    [InlineData("\"readinessGates\":[{\"conditionType\":\"-\"}]", "spec.readinessGates[0].conditionType: Invalid value: \"-\": " + Qualified)]
    [InlineData("\"schedulingGates\":[{\"name\":\"a\"},{\"name\":\"a\"}]", "spec.schedulingGates[1]: Duplicate value: \"a\"")]
    [InlineData("\"nodeName\":\"n\",\"schedulingGates\":[{\"name\":\"a\"}]", "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared")]
    [InlineData("\"topologySpreadConstraints\":[{\"maxSkew\":0,\"topologyKey\":\"z\",\"whenUnsatisfiable\":\"DoNotSchedule\"}]", "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero")]
    [InlineData("\"topologySpreadConstraints\":[{\"maxSkew\":1,\"topologyKey\":\"z\",\"whenUnsatisfiable\":\"DoNotSchedule\"},{\"maxSkew\":2,\"topologyKey\":\"z\",\"whenUnsatisfiable\":\"DoNotSchedule\"}]", "spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: \"{z, DoNotSchedule}\"")]
    [InlineData("\"topologySpreadConstraints\":[{\"maxSkew\":1,\"minDomains\":2,\"topologyKey\":\"z\",\"whenUnsatisfiable\":\"ScheduleAnyway\"}]", "spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway")]
    [InlineData("\"affinity\":{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{}}}", "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term")]
    [InlineData("\"affinity\":{\"nodeAffinity\":{\"preferredDuringSchedulingIgnoredDuringExecution\":[{\"weight\":101,\"preference\":{}}]}}", "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100")]
    [InlineData("\"affinity\":{\"podAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":[{\"topologyKey\":\"z\",\"matchLabelKeys\":[\"a\"]}]}}", "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set")]
    [InlineData("\"tolerations\":[{\"key\":\"a\",\"operator\":\"In\"}]", "spec.tolerations[0].operator: Unsupported value: \"In\": supported values: \"Equal\", \"Exists\"")]
    [InlineData("\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\",\"effect\":\"No\"}]", "spec.tolerations[0].effect: Unsupported value: \"No\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"")]
    [InlineData("\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\",\"effect\":\"NoSchedule\",\"tolerationSeconds\":1}]", "spec.tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set")]
    [InlineData("\"hostAliases\":[{\"ip\":\"no\",\"hostnames\":[\"ok\"]}]", "spec.hostAliases[0].ip: Invalid value: \"no\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("\"hostname\":\"A\"", "spec.hostname: Invalid value: \"A\": " + Label)]
    [InlineData("\"preemptionPolicy\":\"Maybe\"", "spec.preemptionPolicy: Unsupported value: \"Maybe\": supported values: \"PreemptLowerPriority\", \"Never\"")]
    [InlineData("\"os\":{\"name\":\"plan9\"}", "spec.os: Unsupported value: \"plan9\": supported values: \"linux\", \"windows\"")]
    [InlineData("\"os\":{\"name\":\"windows\"},\"securityContext\":{\"fsGroup\":1}", "spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod")]
    [InlineData("\"os\":{\"name\":\"linux\"},\"securityContext\":{\"windowsOptions\":{}}", "spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod")]
    [InlineData("\"securityContext\":{\"sysctls\":[{\"name\":\"Bad\",\"value\":\"1\"}]}", "spec.securityContext.sysctls[0].name: Invalid value: \"Bad\": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$")]
    [InlineData("\"hostNetwork\":true,\"securityContext\":{\"sysctls\":[{\"name\":\"net.core.somaxconn\",\"value\":\"1\"}]}", "spec.securityContext.sysctls[0].name: Invalid value: \"net.core.somaxconn\": may not be specified when 'hostNetwork' is true")]
    [InlineData("\"securityContext\":{\"fsGroupChangePolicy\":\"Never\"}", "spec.securityContext.fsGroupChangePolicy: Unsupported value: \"Never\": supported values: \"Always\", \"OnRootMismatch\"")]
    [InlineData("\"hostUsers\":false,\"hostNetwork\":true", "spec.hostNetwork: Forbidden: when `hostUsers` is false")]
    [InlineData("\"resourceClaims\":[{\"name\":\"a\"}]", "spec.resourceClaims[0]: Invalid value: {\"name\":\"a\"}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")]
    [InlineData("\"resources\":{\"limits\":{\"ephemeral-storage\":\"1Gi\"}}", "spec.resources.limits[ephemeral-storage]: Unsupported value: \"ephemeral-storage\": supported values: \"cpu\", \"hugepages-\", \"memory\"")]
    [InlineData("\"resources\":{\"requests\":{\"cpu\":\"100m\"}}", "spec.resources.requests[cpu]: Invalid value: \"100m\": must be greater than or equal to aggregate container requests of 1")]
    [InlineData("\"initContainers\":[{\"name\":\"a\",\"image\":\"i\"}]", "spec.initContainers[0].name: Duplicate value: \"a\"")]
    [InlineData("\"initContainers\":[{\"name\":\"b\",\"image\":\"i\",\"restartPolicy\":\"Never\"}]", "spec.initContainers[0].restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"")]
    [InlineData("\"initContainers\":[{\"name\":\"b\",\"image\":\"i\",\"restartPolicy\":\"Always\",\"startupProbe\":{\"exec\":{\"command\":[\"x\"]}}}]", "")]
    [InlineData("\"initContainers\":[{\"name\":\"b\",\"image\":\"i\"},{\"name\":\"c\",\"image\":\"i\",\"ports\":[{\"containerPort\":1,\"hostPort\":9},{\"containerPort\":2,\"hostPort\":9}]}]", "spec.initContainers[0].ports[1].hostPort: Duplicate value: \"TCP//9\"")]
    [InlineData("\"preemptionPolicy\":\"\"", "spec.preemptionPolicy: Required value")]
    [InlineData("\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\",\"effect\":\"\"}]", "")]
    [InlineData("\"ephemeralContainers\":[{\"name\":\"e\",\"image\":\"i\",\"lifecycle\":{},\"livenessProbe\":{},\"resources\":{\"limits\":{\"cpu\":\"1\"}},\"ports\":[{\"containerPort\":1}]}]", "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container\nspec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container\nspec.ephemeralContainers[0].livenessProbe: Forbidden: cannot be set for an Ephemeral Container\nspec.ephemeralContainers[0].lifecycle: Forbidden: cannot be set for an Ephemeral Container\nspec.ephemeralContainers: Forbidden: cannot be set on create")]
    [InlineData("\"os\":{\"name\":\"windows\"},\"hostPID\":true,\"securityContext\":{\"fsGroup\":1,\"seLinuxOptions\":{}}", "spec.securityContext.seLinuxOptions: Forbidden: cannot be set for a windows pod\nspec.hostPID: Forbidden: cannot be set for a windows pod\nspec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod")]
    [InlineData("\"volumes\":[{\"name\":\"t\",\"projected\":{\"sources\":[{\"serviceAccountToken\":{\"path\":\"t\"}}]}}]", "spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set")]
    public void Spec_BadField_GivesUpstreamsText(string field, string faults) => Assert.Equal(
        faults,
        Strategies.Faults(
            "pods", "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\",\"resources\":{\"requests\":{\"cpu\":\"1\"}}}]," + field + "}}"));

    [Theory]
    [InlineData("kubernetes.io/config.mirror", "x", "metadata.annotations[kubernetes.io/config.mirror]: Invalid value: \"x\": must set spec.nodeName if mirror pod annotation is set")]
    [InlineData("controller.kubernetes.io/pod-deletion-cost", "01", "metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: \"01\": must be a 32bit integer")]
    [InlineData("controller.kubernetes.io/pod-deletion-cost", "-7", "")]
    [InlineData("seccomp.security.alpha.kubernetes.io/pod", "odd", "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: \"odd\": must be a valid seccomp profile")]
    [InlineData("container.apparmor.security.beta.kubernetes.io/z", "unconfined", "metadata.annotations[container.apparmor.security.beta.kubernetes.io/z]: Invalid value: \"z\": container not found")]
    public void Annotation_OfKubernetes_IsChecked(string name, string value, string faults) => Assert.Equal(
        faults,
        Strategies.Faults("pods", $$$"""{"metadata":{"name":"p","annotations":{"{{{name}}}":"{{{value}}}"}},"spec":{"containers":[{"name":"a","image":"i"}]}}"""));

    [Theory]
    [InlineData("\"nodeSelector\":{\"a\":\"b\"},\"schedulingGates\":[{\"name\":\"g\"},{\"name\":\"h\"}]", "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'h'")]
    [InlineData("\"nodeSelector\":{\"a\":\"b\",\"c\":\"d\"}", "")]
    [InlineData("\"nodeSelector\":{\"a\":\"x\"}", "spec.nodeSelector: Invalid value: {\"a\":\"x\"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)")]
    [InlineData("\"nodeSelector\":{\"a\":\"b\"},\"affinity\":{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"k\",\"operator\":\"Exists\"}]}]}}}", "")]
    public void Update_OfAGatedPod_MayNarrowItsNodes(string fields, string faults) => Assert.Equal(
        faults,
        Strategies.UpdateFaults(
            "pods",
            """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"i"}],"schedulingGates":[{"name":"g"}],"nodeSelector":{"a":"b"}}}""",
            "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]," + fields + "}}"));

    [Theory]
    [InlineData("Never", 0, "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state")]
    [InlineData("OnFailure", 0, "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state")]
    [InlineData("OnFailure", 1, "")]
    [InlineData("Always", 0, "")]
    public void Status_OfAContainerThatEnded_GoesBackOnlyIfItIsRestarted(string policy, int code, string fault)
    {
        var pod = $$$"""{"spec":{"restartPolicy":"{{{policy}}}","containers":[{"name":"a","image":"i"}]},"status":{"qosClass":"BestEffort","containerStatuses":[{"name":"a","state":{{{{0}}}}}]}}""";

        Assert.Equal(fault, Strategies.StatusFaults(
            "pods",
            pod.Replace("{0}", $$$"""{"terminated":{"exitCode":{{{code}}}}}""", StringComparison.Ordinal),
            pod.Replace("{0}", """{"running":{}}""", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"qosClass\":\"Burstable\"", "status.qosClass: Invalid value: \"Burstable\": field is immutable")]
    [InlineData("\"qosClass\":\"BestEffort\",\"podIPs\":[{\"ip\":\"x\"}]", "status.podIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("\"qosClass\":\"BestEffort\",\"podIPs\":[{\"ip\":\"1.1.1.1\"},{\"ip\":\"1.1.1.2\"}]", "status.podIPs: Invalid value: [{\"ip\":\"1.1.1.1\"},{\"ip\":\"1.1.1.2\"}]: may specify no more than one IP for each IP family")]
    [InlineData("\"qosClass\":\"BestEffort\",\"hostIP\":\"1.1.1.1\",\"hostIPs\":[{\"ip\":\"1.1.1.2\"}]", "status.hostIPs[0].ip: Invalid value: \"1.1.1.2\": must be equal to `hostIP`")]
    [InlineData("\"qosClass\":\"BestEffort\",\"containerStatuses\":[{\"name\":\"a\",\"user\":{\"linux\":{\"uid\":-1,\"gid\":0}}}]", "status.containerStatuses[0].linux.uid: Invalid value: -1: must be between 0 and 2147483647, inclusive")]
    [InlineData("\"qosClass\":\"BestEffort\",\"conditions\":[{\"type\":\"-\",\"status\":\"True\"}]", "metadata.conditions[0].Type: Invalid value: \"-\": " + Qualified)]
    public void Status_BadField_GivesUpstreamsText(string status, string fault) => Assert.Equal(
        fault,
        Strategies.StatusFaults(
            "pods", """{"spec":{},"status":{"qosClass":"BestEffort"}}""", "{\"spec\":{},\"status\":{" + status + "}}"));
}
