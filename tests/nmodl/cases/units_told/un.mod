NEURON { SUFFIX un
 RANGE a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,q,r,s
 GLOBAL gl }
DEFINE low 3
PARAMETER {
 a = 12 (mA / cm2)
 b = 12 (0.5) <1,2>
 c = 12 <-1.50,20>
 d = 12 ( mV ) <2, 3>
 e = 1 (mV -  mA)
 f = 1 (-0.5)
 g = 3 ( ) <4,5>
 h <2,3>
 i = 12 <1e-3,1e9>
 j = -12 <0.0001,20>
 k = 12 <.25,20>
 l = 2 <low, 20>
 m = 2 < -0, 1>
 gl = 3 <7, 8>
 gm = 3
}
ASSIGNED { n (mA / cm2) o (0.5) q ( mV ) }
STATE { r (mA / cm2) s START 3 (2 mV) }
