using Xunit.Sdk;
using Xunit.v3;

// One cluster at a time: the machine has two cores, and each cluster has its own Docker Engine.
[assembly: Parallelization(Mode = ParallelMode.None)]
