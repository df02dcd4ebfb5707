namespace MiniKube.Conformance.Tests;

/// <summary>Manifests that the tests apply. The echo image answers every HTTP request on port 8080 with its pod's name.</summary>
internal static class Workloads
{
    /// <summary>A client that sends requests one after another and prints a line for each: the answer, or <c>FAILED</c>.</summary>
    public static string Client(string name, string url, int requests, double pauseSeconds) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}} }
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 0
          containers:
          - name: client
            image: busybox:1.36
            command: [sh, -c, 'i=0; while [ $i -lt {{requests}} ]; do wget -q -O - {{url}} || echo FAILED; i=$((i+1)); sleep {{pauseSeconds}}; done']
        """;

    /// <summary>A pod of one container that runs what its image says.</summary>
    public static string Pod(string name, string image, string imagePullPolicy) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}} }
        spec:
          terminationGracePeriodSeconds: 0
          containers: [{name: main, image: "{{image}}", imagePullPolicy: {{imagePullPolicy}} }]
        """;

    /// <summary>A Deployment as a careful person writes it: readiness probe, and a pause before a pod goes so that no request is cut.</summary>
    public static string Deployment(string name, int replicas, string revision) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{name}} }
        spec:
          replicas: {{replicas}}
          selector:
            matchLabels: {app: {{name}} }
          strategy:
            rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
          template:
            metadata:
              labels: {app: {{name}} }
            spec:
              terminationGracePeriodSeconds: 10
              containers:
              - name: echo
                image: mk/echo:1
                ports: [{containerPort: 8080}]
                env: [{name: REVISION, value: "{{revision}}"}]
                readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
                lifecycle:
                  preStop: {exec: {command: [sleep, "3"]} }
        """;

    public static string Service(string name) => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}} }
        spec:
          type: NodePort
          selector: {app: {{name}} }
          ports: [{port: 80, targetPort: 8080}]
        """;
}
