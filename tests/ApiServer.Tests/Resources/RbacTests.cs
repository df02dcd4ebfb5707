namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Roles and bindings, in upstream's words. Who may write them is another matter.</summary>
public sealed class RbacTests
{
    [Theory]
    [InlineData("roles", """{"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}""", "")]
    [InlineData("roles", """{"rules":[{}]}""", "rules[0].verbs: Required value: verbs must contain at least one value\nrules[0].apiGroups: Required value: resource rules must supply at least one api group\nrules[0].resources: Required value: resource rules must supply at least one resource")]
    [InlineData("roles", """{"rules":[{"verbs":["get"],"nonResourceURLs":["/x"]}]}""", "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: namespaced rules cannot apply to non-resource URLs")]
    [InlineData("clusterroles", """{"rules":[{"verbs":["get"],"nonResourceURLs":["/x"]}]}""", "")]
    [InlineData("clusterroles", """{"rules":[{"verbs":["get"],"nonResourceURLs":["/x"],"resources":["pods"]}]}""", "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: rules cannot apply to both regular resources and non-resource URLs")]
    [InlineData("clusterroles", """{"aggregationRule":{}}""", "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil")]
    [InlineData("rolebindings", """{"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","name":"s"}]}""", "")]
    [InlineData("rolebindings", """{"roleRef":{"apiGroup":"x","kind":"Rolle"}}""", "roleRef.apiGroup: Unsupported value: \"x\": supported values: \"rbac.authorization.k8s.io\"\nroleRef.kind: Unsupported value: \"Rolle\": supported values: \"Role\", \"ClusterRole\"\nroleRef.name: Required value")]
    [InlineData("clusterrolebindings", """{"roleRef":{"kind":"Role","name":"r"}}""", "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"")]
    [InlineData("clusterrolebindings", """{"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"s"}]}""", "subjects[0].namespace: Required value")]
    [InlineData("clusterrolebindings", """{"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"Robot"}]}""", "subjects[0].name: Required value\nsubjects[0].kind: Unsupported value: \"Robot\": supported values: \"ServiceAccount\", \"User\", \"Group\"")]
    [InlineData("rolebindings", """{"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"s","apiGroup":"x"},{"kind":"Group","name":"g","apiGroup":"y"}]}""", "subjects[0].apiGroup: Unsupported value: \"x\": supported values: \"\"\nsubjects[1].apiGroup: Unsupported value: \"y\": supported values: \"rbac.authorization.k8s.io\"")]
    public void Table_GivesUpstreamsText(string resource, string obj, string faults) => Assert.Equal(faults, Strategies.Faults(resource, obj));

    [Theory]
    [InlineData("rolebindings")]
    [InlineData("clusterrolebindings")]
    public void Binding_Role_IsImmutable(string resource) => Assert.Equal(
        "roleRef: Invalid value: {\"kind\":\"ClusterRole\",\"name\":\"b\",\"apiGroup\":\"rbac.authorization.k8s.io\"}: cannot change roleRef",
        Strategies.UpdateFaults(resource, """{"roleRef":{"kind":"ClusterRole","name":"a"}}""", """{"roleRef":{"kind":"ClusterRole","name":"b"}}"""));
}
