namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>What clients are told of objects that are allowed but hardly meant, in upstream's words.</summary>
public sealed class WarningTests
{
    [Theory]
    [InlineData("\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"A\",\"value\":\"2\"}]", "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply")]
    [InlineData("\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"A\",\"value\":\"$(A)2\"}]", "")]
    [InlineData("\"ports\":[{\"containerPort\":80},{\"containerPort\":80,\"name\":\"b\"}]", "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]")]
    [InlineData("\"ports\":[{\"containerPort\":80,\"name\":\"b\",\"hostIP\":\"10.0.0.1\"}]", "spec.containers[0].ports[0]: hostIP set without hostPort: {Name:b HostPort:0 ContainerPort:80 Protocol:TCP HostIP:10.0.0.1}")]
    [InlineData("\"resources\":{\"requests\":{\"memory\":\"100m\"}}", "spec.containers[0].resources.requests[memory]: fractional byte value \"100m\" is invalid, must be an integer")]
    public void Pod_Container_IsWarnedOf(string field, string warnings) =>
        Assert.Equal(warnings, Strategies.Warnings("pods", "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\"," + field + "}]}}"));

    [Theory]
    [InlineData("\"nodeSelector\":{\"beta.kubernetes.io/os\":\"linux\"}", "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead")]
    [InlineData("\"volumes\":[{\"name\":\"g\",\"gitRepo\":{\"repository\":\"r\"}}]", "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+")]
    [InlineData("\"imagePullSecrets\":[{\"name\":\"a\"},{\"name\":\"a\"}]", "spec.imagePullSecrets[1].name: duplicate name \"a\"")]
    [InlineData("\"hostAliases\":[{\"ip\":\"1.1.1.1\"},{\"ip\":\"1.1.1.1\"}]", "spec.hostAliases[1].ip: duplicate ip \"1.1.1.1\"")]
    [InlineData("\"terminationGracePeriodSeconds\":-1", "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1")]
    [InlineData("\"topologySpreadConstraints\":[{\"topologyKey\":\"z\"}]", "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod")]
    public void Pod_Field_IsWarnedOf(string field, string warnings)
    {
        var spec = "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]," + field + "}}";

        Assert.Equal(warnings, Strategies.Warnings("pods", spec));
        Assert.Equal(
            string.Join('\n', warnings.Split('\n').Select(warning => "spec.template." + warning)),
            Strategies.Warnings("deployments", "{\"spec\":{\"template\":" + spec + "}}"));
    }

    [Theory]
    [InlineData("""{"metadata":{"annotations":{"service.kubernetes.io/topology-aware-hints":"auto"}}}""", "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead")]
    [InlineData("""{"spec":{"externalName":"a.b"}}""", "spec.externalName is ignored when spec.type is not \"ExternalName\"")]
    [InlineData("""{"spec":{"clusterIP":"None","sessionAffinity":"ClientIP"}}""", "spec.SessionAffinity is ignored for headless services")]
    [InlineData("""{"spec":{"clusterIP":"None","sessionAffinity":"None","externalIPs":["::ffff:192.0.2.1"]}}""", "spec.externalIPs is ignored for headless services\nspec.externalIPs[0]: non-standard IP address \"::ffff:192.0.2.1\" will be considered invalid in a future Kubernetes release: use \"192.0.2.1\"")]
    [InlineData("""{"spec":{"clusterIP":"010.0.0.1","clusterIPs":["010.0.0.1"]}}""", "spec.clusterIPs[0]: non-standard IP address \"010.0.0.1\" will be considered invalid in a future Kubernetes release: use \"10.0.0.1\"")]
    [InlineData("""{"spec":{"loadBalancerSourceRanges":["010.0.0.0/8"]}}""", "spec.loadBalancerSourceRanges[0]: non-standard CIDR value \"010.0.0.0/8\" will be considered invalid in a future Kubernetes release: use \"10.0.0.0/8\"")]
    [InlineData("""{"spec":{"loadBalancerSourceRanges":["10.1.2.3/08"]}}""", "spec.loadBalancerSourceRanges[0]: CIDR value \"10.1.2.3/08\" is ambiguous in this context (should be \"10.0.0.0/8\" or \"10.1.2.3/32\"?)\nspec.loadBalancerSourceRanges[0]: non-standard CIDR value \"10.1.2.3/08\" will be considered invalid in a future Kubernetes release: use \"10.0.0.0/8\"")]
    [InlineData("""{"spec":{"loadBalancerIP":"2001:DB8::1"}}""", "spec.loadBalancerIP: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")")]
    [InlineData("""{"spec":{"clusterIPs":["2001:db8:0:0::1"]}}""", "spec.clusterIPs[0]: IPv6 address \"2001:db8:0:0::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")")]
    [InlineData("""{"spec":{"loadBalancerSourceRanges":["10.1.2.3/8"]}}""", "spec.loadBalancerSourceRanges[0]: CIDR value \"10.1.2.3/8\" is ambiguous in this context (should be \"10.0.0.0/8\" or \"10.1.2.3/32\"?)")]
    [InlineData("""{"spec":{"loadBalancerSourceRanges":["2001:DB8::/32"]}}""", "spec.loadBalancerSourceRanges[0]: IPv6 CIDR value \"2001:DB8::/32\" should be in RFC 5952 canonical format (\"2001:db8::/32\")")]
    public void Service_IsWarnedOf(string service, string warnings) => Assert.Equal(warnings, Strategies.Warnings("services", service));

    /// <summary>Ours: what is stored and not acted on is not kept from who writes it.</summary>
    [Theory]
    [InlineData("validatingwebhookconfigurations", "this server stores webhooks and does not call them")]
    [InlineData("mutatingwebhookconfigurations", "this server stores webhooks and does not call them")]
    [InlineData("validatingadmissionpolicies", "this server stores admission policies and does not evaluate them")]
    public void Policy_IsWarnedOf(string resource, string warning) => Assert.Equal(warning, Strategies.Warnings(resource, "{}"));

    [Theory]
    [InlineData("pods", """{"spec":{"hostAliases":[{"ip":"010.0.0.1"}]}}""", "spec.hostAliases[0].ip: non-standard IP address \"010.0.0.1\" will be considered invalid in a future Kubernetes release: use \"10.0.0.1\"")]
    [InlineData("pods", """{"spec":{"dnsConfig":{"nameservers":["10.0.0.010"]}}}""", "spec.dnsConfig.nameservers[0]: non-standard IP address \"10.0.0.010\" will be considered invalid in a future Kubernetes release: use \"10.0.0.10\"")]
    [InlineData("endpoints", """{"subsets":[{"notReadyAddresses":[{"ip":"10.0.0.1"},{"ip":"10.0.0.01"}]}]}""", "subsets[0].notReadyAddresses[1].ip: non-standard IP address \"10.0.0.01\" will be considered invalid in a future Kubernetes release: use \"10.0.0.1\"")]
    [InlineData("endpoints", """{"metadata":{"labels":{"endpoints.kubernetes.io/managed-by":"endpoint-controller"}},"subsets":[{"addresses":[{"ip":"10.0.0.01"}]}]}""", "")]
    [InlineData("endpointslices", """{"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.01"]}]}""", "endpoints[0].addresses[0]: non-standard IP address \"10.0.0.01\" will be considered invalid in a future Kubernetes release: use \"10.0.0.1\"")]
    [InlineData("endpointslices", """{"metadata":{"labels":{"endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io"}},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.01"]}]}""", "")]
    [InlineData("endpointslices", """{"addressType":"FQDN","endpoints":[{"addresses":["a.b"]}]}""", "spec.addressType: FQDN endpoints are deprecated")]
    [InlineData("networkpolicies", """{"spec":{"egress":[{"to":[{"ipBlock":{"cidr":"010.0.0.0/8","except":["10.00.0.0/16"]}}]}]}}""", "spec.egress[0].to[0].ipBlock.cidr: non-standard CIDR value \"010.0.0.0/8\" will be considered invalid in a future Kubernetes release: use \"10.0.0.0/8\"\nspec.egress[0].to[0].ipBlock.except[0]: non-standard CIDR value \"10.00.0.0/16\" will be considered invalid in a future Kubernetes release: use \"10.0.0.0/16\"")]
    [InlineData("nodes", """{"spec":{"podCIDR":"010.244.0.0/24"}}""", "spec.podCIDRs[0]: non-standard CIDR value \"010.244.0.0/24\" will be considered invalid in a future Kubernetes release: use \"10.244.0.0/24\"")]
    [InlineData("nodes", """{"spec":{"externalID":"i","configSource":{}}}""", "spec.configSource: the feature is removed\nspec.externalID: this field is deprecated, and is unused by Kubernetes")]
    public void Object_WithOldForms_IsWarnedOf(string resource, string json, string warnings) => Assert.Equal(warnings, Strategies.Warnings(resource, json));

    /// <summary>They mean the decimal number, and are taken.</summary>
    [Theory]
    [InlineData("networkpolicies", """{"spec":{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"010.0.0.0/8","except":["010.1.0.0/16"]}}]}]}}""", "")]
    [InlineData("endpoints", """{"subsets":[{"addresses":[{"ip":"010.0.0.1"}]}]}""", "")]
    [InlineData("endpoints", """{"subsets":[{"addresses":[{"ip":"0127.0.0.1"}]}]}""", "subsets[0].addresses[0].ip: Invalid value: \"0127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    [InlineData("endpointslices", """{"addressType":"IPv4","endpoints":[{"addresses":["010.0.0.1"]}]}""", "")]
    [InlineData("endpointslices", """{"addressType":"IPv4","endpoints":[{"addresses":["::ffff:10.0.0.1"]}]}""", "")]
    [InlineData("servicecidrs", """{"spec":{"cidrs":["010.0.0.0/8"]}}""", "spec.cidrs[0]: Invalid value: \"010.0.0.0/8\": must not have leading 0s in IP or prefix length")]
    [InlineData("servicecidrs", """{"spec":{"cidrs":["10.0.0.0/08"]}}""", "spec.cidrs[0]: Invalid value: \"10.0.0.0/08\": must not have leading 0s in IP or prefix length")]
    [InlineData("servicecidrs", """{"spec":{"cidrs":["::ffff:10.0.0.0/104"]}}""", "spec.cidrs[0]: Invalid value: \"::ffff:10.0.0.0/104\": must not have an IPv4-mapped IPv6 address")]
    public void Object_WithLeadingZeros_IsReadInDecimals(string resource, string json, string faults) => Assert.Equal(faults, Strategies.Faults(resource, json));

    [Theory]
    [InlineData("10.0.0.1", "")]
    [InlineData("010.0.0.1", "must not have leading 0s")]
    [InlineData("::ffff:10.0.0.1", "must not be an IPv4-mapped IPv6 address")]
    [InlineData("2001:DB8::1", "must be in canonical form (\"2001:db8::1\")")]
    public void IPAddress_Name_IsCanonical(string name, string fault) => Assert.Equal(fault, string.Join('\n', Strategies.Of("ipaddresses").ValidateName(name)));

    [Theory]
    [InlineData("pods", """{"metadata":{"name":"a.b"}}""", "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]")]
    [InlineData("deployments", """{"metadata":{"name":"a.b"}}""", "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]")]
    [InlineData("replicasets", """{"metadata":{"name":"a.b"}}""", "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]")]
    [InlineData("replicationcontrollers", """{"metadata":{"name":"a.b"}}""", "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]")]
    [InlineData("jobs", """{"metadata":{"name":"a.b"}}""", "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]")]
    [InlineData("cronjobs", """{"metadata":{"name":"a.b"}}""", "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]")]
    [InlineData("daemonsets", """{"metadata":{"name":"a.b"}}""", "")]
    public void Name_WithDots_IsWarnedOfWherePodsGetIt(string resource, string json, string warnings)
    {
        Assert.Equal(warnings, Strategies.Warnings(resource, json));
        Assert.Empty(Strategies.Of(resource).WarningsOnUpdate(Strategies.Default(resource, json), Strategies.Default(resource, json)));
    }

    [Theory]
    [InlineData("persistentvolumeclaims", """{"metadata":{"annotations":{"volume.beta.kubernetes.io/storage-class":"a"}},"spec":{"resources":{"requests":{"storage":"1500m"},"limits":{"storage":"2"}}}}""", "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use \"storageClassName\" attribute instead\nspec.resources.requests[storage]: fractional byte value \"1500m\" is invalid, must be an integer")]
    [InlineData("persistentvolumes", """{"spec":{"persistentVolumeReclaimPolicy":"Recycle","nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"beta.kubernetes.io/os","operator":"Exists"}]}]}},"rbd":{},"cephfs":{}}}""", "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.\nspec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use \"kubernetes.io/os\" instead\nspec.cephfs: deprecated in v1.28, non-functional in v1.31+\nspec.rbd: deprecated in v1.28, non-functional in v1.31+")]
    [InlineData("storageclasses", """{"allowedTopologies":[{"matchLabelExpressions":[{"key":"zone"},{"key":"failure-domain.beta.kubernetes.io/zone"}]}]}""", "allowedTopologies[0].matchLabelExpressions[1].key: deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead")]
    [InlineData("csistoragecapacities", """{"nodeTopology":{"matchLabels":{"beta.kubernetes.io/arch":"a"},"matchExpressions":[{"key":"beta.kubernetes.io/os","operator":"Exists"}]}}""", "nodeTopology.matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use \"kubernetes.io/os\" instead\nnodeTopology.matchLabels.beta.kubernetes.io/arch: deprecated since v1.14; use \"kubernetes.io/arch\" instead")]
    [InlineData("runtimeclasses", """{"scheduling":{"nodeSelector":{"beta.kubernetes.io/arch":"a"}}}""", "scheduling.nodeSelector: deprecated since v1.14; use \"kubernetes.io/arch\" instead")]
    [InlineData("statefulsets", """{"spec":{"revisionHistoryLimit":-2,"volumeClaimTemplates":[{"spec":{"resources":{"requests":{"storage":"100m"}}}}]}}""", "spec.volumeClaimTemplates[0].resources.requests[storage]: fractional byte value \"100m\" is invalid, must be an integer\nspec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended")]
    [InlineData("jobs", """{"spec":{"completionMode":"Indexed","completions":100001,"parallelism":10001}}""", "spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail")]
    [InlineData("pods", """{"spec":{"volumes":[{"name":"v","configMap":{"name":"c","items":[{"key":"a","path":"p"},{"key":"b","path":"p/q"}]}}]}}""", "volume \"v\" (ConfigMap \"c\"): overlapping paths: \"p/q\" with \"p\"")]
    [InlineData("pods", """{"spec":{"volumes":[{"name":"v","secret":{"secretName":"c","items":[{"key":"a","path":"p"},{"key":"b","path":"q"}]}}]}}""", "")]
    [InlineData("pods", """{"spec":{"volumes":[{"name":"v","projected":{"sources":[{"configMap":{"name":"c","items":[{"key":"a","path":"p"}]}},{},{"secret":{"name":"s","items":[{"key":"a","path":"p/q"}]}}]}}]}}""", "volume \"v\" (Projected) has no sources provided\nvolume \"v\" (Projected Secret \"s\"): overlapping paths: \"p/q\" with \"p\"")]
    [InlineData("pods", """{"spec":{"volumes":[{"name":"v","ephemeral":{"volumeClaimTemplate":{"spec":{"resources":{"requests":{"storage":"100m"}}}}}}]}}""", "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte value \"100m\" is invalid, must be an integer")]
    [InlineData("pods", """{"metadata":{"annotations":{"seccomp.security.alpha.kubernetes.io/pod":"unconfined","container.seccomp.security.alpha.kubernetes.io/c":"unconfined"}},"spec":{"containers":[{"name":"c"}]}}""", "metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the \"seccompProfile\" field instead\nmetadata.annotations[container.seccomp.security.alpha.kubernetes.io/c]: non-functional in v1.27+; use the \"seccompProfile\" field instead")]
    [InlineData("daemonsets", """{"spec":{"template":{"metadata":{"annotations":{"container.apparmor.security.beta.kubernetes.io/c":"unconfined"}},"spec":{"containers":[{"name":"c"}]}}}}""", "spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the \"appArmorProfile\" field instead")]
    public void Object_HardlyMeant_IsWarnedOf(string resource, string json, string warnings)
    {
        var obj = Strategies.Parse(json);
        obj.TryAdd("metadata", new System.Text.Json.Nodes.JsonObject());
        obj["metadata"]!["name"] = "a";

        Assert.Equal(warnings, Strategies.Warnings(resource, obj.ToJsonString()));
    }
}
