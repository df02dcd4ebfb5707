namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>networking.k8s.io and discovery.k8s.io, in upstream's words.</summary>
public sealed class NetworkingTests
{
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Backend = "\"backend\":{\"service\":{\"name\":\"s\",\"port\":{\"number\":80}}}";

    [Theory]
    [InlineData("{}", "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified")]
    [InlineData("""{"defaultBackend":{"service":{"name":"s","port":{"name":"http"}}}}""", "")]
    [InlineData("""{"defaultBackend":{}}""", "spec.defaultBackend: Invalid value: \"\": resource or service backend is required")]
    [InlineData("""{"defaultBackend":{"service":{"name":"s","port":{}}}}""", "spec.defaultBackend: Required value: port name or number is required")]
    [InlineData("""{"defaultBackend":{"service":{"name":"s","port":{"name":"a","number":1}}}}""", "spec.defaultBackend: Invalid value: \"\": cannot set both port name & port number")]
    [InlineData("""{"defaultBackend":{"service":{"port":{"number":70000}}}}""", "spec.defaultBackend.service.name: Required value\nspec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData("""{"defaultBackend":{"service":{"name":"s","port":{"number":1}},"resource":{"kind":"K","name":"n"}}}""", "spec.defaultBackend: Invalid value: \"\": cannot set both resource and service backends")]
    [InlineData("""{"defaultBackend":{"resource":{}}}""", "spec.defaultBackend.resource.kind: Required value: kind is required\nspec.defaultBackend.resource.name: Required value: name is required")]
    [InlineData("""{"rules":[{"host":"1.2.3.4"}]}""", "spec.rules[0].host: Invalid value: \"1.2.3.4\": must be a DNS name, not an IP address")]
    [InlineData("""{"rules":[{"host":"Bad"}]}""", "spec.rules[0].host: Invalid value: \"Bad\": " + Subdomain)]
    [InlineData("""{"rules":[{"host":"*.example.com"}]}""", "")]
    [InlineData("""{"rules":[{"http":{"paths":[]}}]}""", "spec.rules[0].http.paths: Required value")]
    [InlineData("{\"rules\":[{\"http\":{\"paths\":[{" + Backend + "}]}}]}", "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified")]
    [InlineData("{\"rules\":[{\"http\":{\"paths\":[{\"pathType\":\"Some\",\"path\":\"/\"," + Backend + "}]}}]}", "spec.rules[0].http.paths[0].pathType: Unsupported value: \"Some\": supported values: \"Exact\", \"ImplementationSpecific\", \"Prefix\"")]
    [InlineData("{\"rules\":[{\"http\":{\"paths\":[{\"pathType\":\"Exact\",\"path\":\"a//b/..\"," + Backend + "}]}}]}", "spec.rules[0].http.paths[0].path: Invalid value: \"a//b/..\": must be an absolute path\nspec.rules[0].http.paths[0].path: Invalid value: \"a//b/..\": must not contain '//'\nspec.rules[0].http.paths[0].path: Invalid value: \"a//b/..\": cannot end with '/..'")]
    [InlineData("{\"rules\":[{\"http\":{\"paths\":[{\"pathType\":\"ImplementationSpecific\",\"path\":\"x\"," + Backend + "}]}}]}", "spec.rules[0].http.paths[0].path: Invalid value: \"x\": must be an absolute path")]
    [InlineData("""{"rules":[{}],"tls":[{"hosts":["Bad"],"secretName":"B"}],"ingressClassName":"C"}""", "spec.tls[0].hosts[0]: Invalid value: \"Bad\": " + Subdomain + "\nspec.tls[0].secretName: Invalid value: \"B\": " + Subdomain + "\nspec.ingressClassName: Invalid value: \"C\": " + Subdomain)]
    public void Ingress_Table_GivesUpstreamsText(string spec, string faults) => Assert.Equal(faults, Strategies.Faults("ingresses", "{\"spec\":" + spec + "}"));

    [Fact]
    public void Ingress_OldAndNewClass_MustAgree() => Assert.Equal(
        "annotations.kubernetes.io/ingress.class: Invalid value: \"a\": must match `ingressClassName` when both are specified",
        Strategies.Faults("ingresses", """{"metadata":{"annotations":{"kubernetes.io/ingress.class":"a"}},"spec":{"ingressClassName":"b","rules":[{}]}}"""));

    [Theory]
    [InlineData("""{"ip":"x"}""", "status.loadBalancer.ingress[0].ip: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("""{"hostname":"1.2.3.4"}""", "status.loadBalancer.ingress[0].hostname: Invalid value: \"1.2.3.4\": must be a DNS name, not an IP address")]
    public void Ingress_Status_NamesAddresses(string point, string faults) =>
        Assert.Equal(faults, Strategies.StatusFaults("ingresses", "{}", "{\"status\":{\"loadBalancer\":{\"ingress\":[" + point + "]}}}"));

    [Theory]
    [InlineData("""{"controller":"example.com/c"}""", "")]
    [InlineData("""{}""", "spec.controller: Required value")]
    [InlineData("""{"controller":"plain"}""", "spec.controller: Invalid value: \"plain\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData("""{"controller":"a.io/c","parameters":{"kind":"K"}}""", "spec.parameters.name: Required value: name is required")]
    [InlineData("""{"controller":"a.io/c","parameters":{"kind":"K","name":"n","scope":"Namespace"}}""", "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'")]
    [InlineData("""{"controller":"a.io/c","parameters":{"kind":"K","name":"n","scope":"Cluster","namespace":"x"}}""", "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'")]
    [InlineData("""{"controller":"a.io/c","parameters":{"kind":"K","name":"n","scope":"Some"}}""", "spec.parameters.scope: Unsupported value: \"Some\": supported values: \"Cluster\", \"Namespace\"")]
    public void IngressClass_Table_GivesUpstreamsText(string spec, string faults) => Assert.Equal(faults, Strategies.Faults("ingressclasses", "{\"spec\":" + spec + "}"));

    [Fact]
    public void IngressClass_Controller_IsImmutable() => Assert.Equal(
        "spec.controller: Invalid value: \"a.io/d\": field is immutable",
        Strategies.UpdateFaults("ingressclasses", """{"spec":{"controller":"a.io/c"}}""", """{"spec":{"controller":"a.io/d"}}"""));

    [Theory]
    [InlineData("""{"podSelector":{},"ingress":[{"ports":[{"port":80,"endPort":90},{"port":"http"}],"from":[{"podSelector":{}},{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}]}]}""", "")]
    [InlineData("""{"ingress":[{"ports":[{"port":80,"endPort":70}]}]}""", "spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`")]
    [InlineData("""{"ingress":[{"ports":[{"endPort":70}]}]}""", "spec.ingress[0].ports[0].endPort: Invalid value: 70: may not be specified when `port` is not specified")]
    [InlineData("""{"ingress":[{"ports":[{"port":"x","endPort":70}]}]}""", "spec.ingress[0].ports[0].endPort: Invalid value: 70: may not be specified when `port` is non-numeric")]
    [InlineData("""{"egress":[{"ports":[{"protocol":"HTTP"}]}]}""", "spec.egress[0].ports[0].protocol: Unsupported value: \"HTTP\": supported values: \"TCP\", \"UDP\", \"SCTP\"")]
    [InlineData("""{"egress":[{"to":[{}]}]}""", "spec.egress[0].to[0]: Required value: must specify a peer")]
    [InlineData("""{"egress":[{"to":[{"podSelector":{},"ipBlock":{"cidr":"10.0.0.0/8"}}]}]}""", "spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer")]
    [InlineData("""{"egress":[{"to":[{"ipBlock":{}}]}]}""", "spec.egress[0].to[0].ipBlock.cidr: Required value")]
    [InlineData("""{"egress":[{"to":[{"ipBlock":{"cidr":"x"}}]}]}""", "spec.egress[0].to[0].ipBlock.cidr: Invalid value: \"x\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    [InlineData("""{"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["11.0.0.0/16","10.0.0.0/8"]}}]}]}""", "spec.egress[0].to[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`\nspec.egress[0].to[0].ipBlock.except[1]: Invalid value: \"10.0.0.0/8\": must be a strict subset of `cidr`")]
    [InlineData("""{"policyTypes":["Ingres"]}""", "spec.policyTypes[0]: Unsupported value: \"Ingres\": supported values: \"Ingress\", \"Egress\"")]
    public void NetworkPolicy_Table_GivesUpstreamsText(string spec, string faults) => Assert.Equal(faults, Strategies.Faults("networkpolicies", "{\"spec\":" + spec + "}"));

    [Theory]
    [InlineData("10.0.0.1", "")]
    [InlineData("10.0.0", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("2001:DB8::1", "must be in canonical form (\"2001:db8::1\")")]
    public void IPAddress_Name_IsCanonical(string name, string faults) => Assert.Equal(faults, string.Join('|', Strategies.Of("ipaddresses").ValidateName(name)));

    [Theory]
    [InlineData("""{"spec":{}}""", "spec.parentRef: Required value")]
    [InlineData("""{"spec":{"parentRef":{}}}""", "spec.parentRef.resource: Required value\nspec.parentRef.name: Required value")]
    [InlineData("""{"spec":{"parentRef":{"resource":"services","name":"s","namespace":"a/b"}}}""", "spec.parentRef.namespace: Invalid value: \"a/b\": may not contain '/'")]
    public void IPAddress_Table_GivesUpstreamsText(string obj, string faults) => Assert.Equal(faults, Strategies.Faults("ipaddresses", obj));

    [Theory]
    [InlineData("[]", "spec.cidrs: Required value: at least one CIDR required")]
    [InlineData("""["10.0.0.0/8","fd00::/64"]""", "")]
    [InlineData("""["10.0.0.1/8"]""", "spec.cidrs[0]: Invalid value: \"10.0.0.1/8\": must not have bits set beyond the prefix length")]
    [InlineData("""["FD00::/64"]""", "spec.cidrs[0]: Invalid value: \"FD00::/64\": must be in canonical form (\"fd00::/64\")")]
    [InlineData("""["10.0.0.0/8","11.0.0.0/8"]""", "spec.cidrs: Invalid value: {\"cidrs\":[\"10.0.0.0/8\",\"11.0.0.0/8\"]}: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64")]
    public void ServiceCidr_Table_GivesUpstreamsText(string cidrs, string faults) => Assert.Equal(faults, Strategies.Faults("servicecidrs", "{\"spec\":{\"cidrs\":" + cidrs + "}}"));

    [Theory]
    [InlineData("""["10.0.0.0/8","fd00::/64"]""", "")]
    [InlineData("""["11.0.0.0/8"]""", "spec.cidrs: Invalid value: [\"11.0.0.0/8\"]: field is immutable")]
    public void ServiceCidr_Change_MayAddAFamilyOnly(string cidrs, string faults) => Assert.Equal(
        faults, Strategies.UpdateFaults("servicecidrs", """{"spec":{"cidrs":["10.0.0.0/8"]}}""", "{\"spec\":{\"cidrs\":" + cidrs + "}}"));

    [Theory]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["fd00::1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"fd00::1\": must be a valid IPv4 address")]
    [InlineData("""{"addressType":"FQDN","endpoints":[{"addresses":["host"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"host\": should be a domain with at least two segments separated by dots")]
    [InlineData("""{"addressType":"IPX"}""", "addressType: Unsupported value: \"IPX\": supported values: \"FQDN\", \"IPv4\", \"IPv6\"")]
    [InlineData("""{"addressType":"IPv4","ports":[{"port":1,"appProtocol":"a b"}]}""", "ports[0].appProtocol: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"hints":{"forZones":[{"name":"a"},{"name":"a"}]}}]}""", "endpoints[0].hints.forZones[1].name: Duplicate value: \"a\"")]
    public void EndpointSlice_Table_GivesUpstreamsText(string obj, string faults) => Assert.Equal(faults, Strategies.Faults("endpointslices", obj));
}
